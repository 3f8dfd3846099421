import { compile } from '../../src/engine/compile.ts';
import { differentiate } from '../../src/engine/differentiate.ts';
import { adamW } from '../../src/engine/optimiser.ts';
import { type ParameterLayout, unpack } from '../../src/engine/parameters.ts';
import type { Program, Tensors, Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { createTrainer } from '../../src/engine/trainer.ts';
import { createTrainingStep } from '../../src/engine/training-step.ts';
import { compare } from '../support/check-kernel.ts';

/** Runs a program compiled, twice, and eagerly: the same bytes, and the same to rounding. */
export async function runBothWays(
  program: Program,
  feeds: Readonly<Record<string, Values>>,
): Promise<Record<string, Float32Array>> {
  const executable = await compile(program);
  const [first, again, eager] = [
    await executable.run(feeds),
    await executable.run(feeds),
    await runEager(program, feeds),
  ];
  await executable.dispose();
  for (const [name, values] of Object.entries(first)) {
    expect(again[name]).toEqual(values);
    expect(compare(values, eager[name]!, { relative: 1e-4, absolute: 1e-4 })).toBeNull();
  }
  return first as Record<string, Float32Array>;
}

/** Parameters that the loss does not move with, among those whose names begin with `prefix`. */
export async function deadParameters(
  { layout, parameters }: { readonly layout: ParameterLayout; readonly parameters: Float32Array },
  prefix: string,
  inputs: Program['inputs'],
  feeds: Readonly<Record<string, Values>>,
  loss: (parameters: Tensors, inputs: Tensors) => Tensor,
): Promise<string[]> {
  const names = layout.entries.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const slopes = await runEager(
    {
      name: 'slopes',
      inputs: { ...inputs, parameters: { shape: [layout.size] } },
      run({ parameters: flat, ...given }) {
        const bound = unpack(flat!, layout);
        const { gradients } = differentiate(
          () => ({ value: loss(bound, given), beside: {} }),
          names.map((name) => bound[name]!),
        );
        return Object.fromEntries(names.map((name, i) => [name, gradients[i] ?? tf.zerosLike(bound[name]!)]));
      },
    },
    { ...feeds, parameters },
  );
  return names.filter((name) => slopes[name]!.every((slope) => Math.abs(slope) < 1e-5));
}

/** Loss before and after some steps of gradient descent on one batch, by the parameters whose names begin with `prefix`. */
export async function trainBriefly(
  { layout, parameters }: { readonly layout: ParameterLayout; readonly parameters: Float32Array },
  prefix: string,
  inputs: Program['inputs'],
  feeds: Readonly<Record<string, Values>>,
  loss: (parameters: Tensors, inputs: Tensors) => Tensor,
  { steps = 40, learningRate = 1e-2 } = {},
): Promise<{ readonly before: number; readonly after: number; readonly parameters: Float32Array }> {
  const step = createTrainingStep({
    ...{ name: 'brief', layout, inputs, optimiser: adamW({ weightDecay: 0 }), clipNorm: 2 },
    trainable: (name) => name.startsWith(prefix),
    loss: (bound, given) => ({ loss: loss(bound, given), metrics: {} }),
  });
  const trainer = await createTrainer({ step, parameters });
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await trainer.step(feeds, learningRate)).loss!);
  const state = trainer.state();
  await trainer.dispose();
  return { before: losses[0]!, after: losses.at(-1)!, parameters: state.parameters };
}

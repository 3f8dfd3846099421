import fc from 'fast-check';
import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import { loadEagerBackend } from '../../src/engine/eager-backends.ts';
import type { Program, TensorSpec, Tensors, Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { compare } from './check-kernel.ts';
import type { KernelCase, Sample } from './kernel-cases/kernel-case.ts';

const samplesPerProgram = 8;
const directions = 4;
/** A power of two, so that most perturbed inputs are exact. */
const step = 2 ** -7;

/**
 * Back-propagation through the compiled graph, held against TensorFlow.js's eager gradients (to rounding) and
 * against central differences of the compiled function itself along random directions (to single-precision noise).
 * Floats are differentiated, integers are not.
 */
export async function checkGradient({ samples }: Pick<KernelCase, 'samples'>): Promise<void> {
  const batches = fc.array(samples.filter(hasFloats), { minLength: samplesPerProgram, maxLength: samplesPerProgram });
  for (const batch of fc.sample(batches, { seed: 20261, numRuns: 1 })) {
    const { forward, backward, feeds } = await joinSamples(batch);
    const eager = await runEager(backward, feeds, { backend: 'cpu' });
    const executables = [await compile(forward), await compile(backward)] as const;
    try {
      const gradients = await executables[1].run(feeds);
      for (const [name, gradient] of Object.entries(gradients)) {
        const scale = [...eager[name]!].reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        const difference = compare(gradient, eager[name]!, { relative: 1e-5, absolute: 2e-5 * scale });
        if (difference !== null) throw new Error(`${labelOf(batch, name)}: ${name}${difference} (eager)`);
      }
      await compareWithDifferences(batch, feeds, gradients, (at) => executables[0].run(at));
    } finally {
      for (const executable of executables) await executable.dispose();
    }
  }
}

const hasFloats = (sample: Sample): boolean => sample.operands.some(({ dtype }) => dtype === 'float32');

const labelOf = (batch: readonly Sample[], name: string): string => batch[Number(/\d+/.exec(name)![0])]!.label;

/**
 * One perturbation serves all samples of the program: each output depends on its own sample alone.
 */
async function compareWithDifferences(
  batch: readonly Sample[],
  feeds: Readonly<Record<string, Values>>,
  gradients: Readonly<Record<string, Values>>,
  run: (at: Record<string, Values>) => Promise<Record<string, Values>>,
): Promise<void> {
  for (let direction = 0; direction < directions; direction++) {
    const moved = (steps: number): Record<string, Values> => {
      const at: Record<string, Values> = { ...feeds };
      for (const name of Object.keys(gradients)) {
        const input = name.replace('d', 'in');
        const rng = createRng(direction, input);
        at[input] = Float32Array.from(feeds[input]!, (value) => value + (rng.chance(0.5) ? steps : -steps) * step);
      }
      return at;
    };
    const [above, below] = [moved(1), moved(-1)];
    const [high, low] = [await run(above), await run(below)];
    const [higher, lower] = [await run(moved(2)), await run(moved(-2))];

    batch.forEach((sample, s) => {
      // Summed in double precision: cotangent . (f(x + h) - f(x - h)) against gradient . 2 h, where the same
      // difference over 2 h cancels the error of third order.
      let [measured, size] = [0, 0];
      for (const name of Object.keys(high).filter((output) => output.startsWith(`out${s}_`))) {
        const weights = feeds[name.replace('out', 'w')]!;
        high[name]!.forEach((value, i) => {
          const near = value - low[name]![i]!;
          const far = higher[name]![i]! - lower[name]![i]!;
          measured += (weights[i]! * (8 * near - far)) / 6;
          size += Math.abs(weights[i]! * value);
        });
      }
      let [predicted, reach] = [0, 0];
      for (const name of Object.keys(gradients).filter((gradient) => gradient.startsWith(`d${s}_`))) {
        const input = name.replace('d', 'in');
        gradients[name]!.forEach((slope, i) => {
          const move = above[input]![i]! - below[input]![i]!;
          predicted += slope * move;
          reach += Math.abs(slope * move);
        });
      }
      const allowed = 1e-3 * reach + 1e-6 * size + 1e-6;
      if (!(Math.abs(measured - predicted) <= allowed)) {
        throw new Error(
          `${sample.label}: the function changes by ${measured}, the gradient says ${predicted} +- ${allowed}`,
        );
      }
    });
  }
}

interface Joined {
  readonly forward: Program;
  /** d<sample>_<operand>: the gradient of the sum of all outputs, each weighted by its fixed cotangent. */
  readonly backward: Program;
  readonly feeds: Record<string, Values>;
}

async function joinSamples(batch: readonly Sample[]): Promise<Joined> {
  const inputs: Record<string, TensorSpec> = {};
  const cotangents: Record<string, TensorSpec> = {};
  const feeds: Record<string, Values> = {};
  batch.forEach((sample, s) => {
    sample.operands.forEach(({ shape, dtype, values }, j) => {
      inputs[`in${s}_${j}`] = { shape, dtype };
      feeds[`in${s}_${j}`] = values;
    });
  });

  const outputsOf = (sample: Sample, s: number, tensors: readonly Tensor[]): Record<string, Tensor> => {
    const made = sample.run([...tensors]);
    const floats = (Array.isArray(made) ? made : [made]).filter(({ dtype }) => dtype === 'float32');
    return Object.fromEntries(floats.map((tensor, k) => [`out${s}_${k}`, tensor]));
  };
  const operandsOf = (sample: Sample, s: number, tensors: Tensors): Tensor[] =>
    sample.operands.map((_, j) => tensors[`in${s}_${j}`]!);

  // Output shapes are not declared beforehand: one eager call finds them, and the cotangents are drawn.
  await loadEagerBackend('cpu');
  await tf.setBackend('cpu');
  tf.tidy(() => {
    batch.forEach((sample, s) => {
      const tensors = sample.operands.map(({ values, shape, dtype }) => tf.tensor(values, [...shape], dtype));
      for (const [name, tensor] of Object.entries(outputsOf(sample, s, tensors))) {
        const weights = name.replace('out', 'w');
        const rng = createRng(s, weights);
        cotangents[weights] = { shape: [...tensor.shape] };
        feeds[weights] = Float32Array.from({ length: tensor.size }, () => rng.normal());
      }
    });
  });

  return {
    feeds,
    forward: {
      name: 'forward',
      inputs: { ...inputs, ...cotangents },
      run: (tensors) =>
        Object.assign({}, ...batch.map((sample, s) => outputsOf(sample, s, operandsOf(sample, s, tensors)))),
    },
    backward: {
      name: 'backward',
      inputs: { ...inputs, ...cotangents },
      run(tensors) {
        const gradients: Record<string, Tensor> = {};
        batch.forEach((sample, s) => {
          const operands = operandsOf(sample, s, tensors);
          const floats = operands.map((_, j) => j).filter((j) => operands[j]!.dtype === 'float32');
          const loss = (...varied: Tensor[]): Tensor => {
            const all = operands.with(0, operands[0]!);
            floats.forEach((j, k) => {
              all[j] = varied[k]!;
            });
            const terms = Object.entries(outputsOf(sample, s, all)).map(([name, tensor]) =>
              tf.sum(tf.mul(tensor, tensors[name.replace('out', 'w')]!)),
            );
            return terms.reduce((sum, term) => tf.add(sum, term));
          };
          tf.grads(loss)(floats.map((j) => operands[j]!)).forEach((gradient, k) => {
            gradients[`d${s}_${floats[k]}`] = gradient;
          });
        });
        return gradients;
      },
    },
  };
}

import fc from 'fast-check';
import { createRng, type Rng } from '../../src/core/rng.ts';
import { initialise, layoutOf, type ParameterSpecs } from '../../src/engine/parameters.ts';
import type { Tensors } from '../../src/engine/program.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { checkGradient } from './check-gradient.ts';
import { checkKernel } from './check-kernel.ts';
import { type Operand, operand, type Sample, summed } from './kernel-cases/kernel-case.ts';

export interface LayerCase {
  readonly specs: ParameterSpecs;
  readonly inputs: (rng: Rng) => readonly Operand[];
  readonly run: (parameters: Tensors, ...inputs: Tensor[]) => Tensor;
}

export const smooth = (shape: readonly number[], rng: Rng): Operand => operand(shape, rng, (r) => r.normal());

/**
 * A layer, compiled, gives what it gives eagerly, and its gradient in the inputs and every parameter is its slope.
 * Parameters are drawn small and normal instead of as the layer starts: zeros would hide their own errors.
 */
export async function checkLayer({ specs, inputs, run }: LayerCase): Promise<void> {
  const names = Object.keys(specs);
  const sampleOf = (seed: number): Sample => {
    const rng = createRng(seed);
    const given = inputs(rng);
    const drawn = Object.values(specs).map(({ shape }) => operand(shape, rng, (r) => 0.5 * r.normal()));
    return {
      label: `seed ${seed}`,
      operands: [...given, ...drawn],
      run: (tensors) => {
        const parameters = tensors.slice(given.length);
        return run(
          Object.fromEntries(names.map((name, i) => [name, parameters[i]!])),
          ...tensors.slice(0, given.length),
        );
      },
    };
  };
  const samples = fc.integer({ min: 0, max: 1_000_000 }).map(sampleOf);
  await checkKernel({ kernel: 'layer', samples, tolerance: { ...summed, absolute: 1e-4 } });
  await checkGradient({ samples });
}

/** The layer's parameters as it starts. */
export function startOf(specs: ParameterSpecs, seed = 0): Tensors {
  const layout = layoutOf(specs);
  const values = initialise(layout, createRng(seed, 'layer'));
  return Object.fromEntries(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      tf.tensor(values.slice(offset, offset + size), [...shape]),
    ]),
  );
}

/** Normal numbers. */
export function normals(shape: readonly number[], seed = 0): Tensor {
  const { values } = smooth(shape, createRng(seed, 'normals'));
  return tf.tensor(values, [...shape]);
}

/** Largest difference of two tensors of one shape. */
export function distance(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

import type { Rng } from '../core/rng.ts';

/** Starting values of one parameter, row-major. Draws from a stream that belongs to that parameter alone. */
export type Initialiser = (shape: readonly number[], rng: Rng) => Float32Array;

/** All zeros: biases of output layers, and residual branches that should start as the identity. */
export const zeros: Initialiser = (shape) => new Float32Array(sizeOf(shape));

/** Every element `value`. */
export function constant(value: number): Initialiser {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Uniform in [low, high). */
export function uniform(low: number, high: number): Initialiser {
  return (shape, rng) => fill(shape, () => rng.between(low, high));
}

/** Normal with mean 0. */
export function normal(std: number): Initialiser {
  return (shape, rng) => fill(shape, () => std * rng.normal());
}

/**
 * Uniform in +-1/sqrt(fanIn), for weights and biases alike: PyTorch's default for `Linear` and `Conv2d`
 * (Kaiming uniform with a = sqrt(5); He et al., 2015).
 */
export function kaimingUniform(fanIn: number): Initialiser {
  const bound = 1 / Math.sqrt(fanIn);
  return uniform(-bound, bound);
}

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al., 2014). Shapes of
 * more than two dimensions are read as [product of all but the last, last]. Orthonormalised by modified
 * Gram-Schmidt, twice, in double precision.
 */
export function orthogonal(gain = 1): Initialiser {
  return (shape, rng) => {
    const columns = shape.at(-1) ?? 1;
    const rows = sizeOf(shape) / columns;
    const vectors = Array.from({ length: Math.min(rows, columns) }, () =>
      Float64Array.from({ length: Math.max(rows, columns) }, () => rng.normal()),
    );
    orthonormalise(vectors);
    const byRows = rows <= columns;
    return Float32Array.from({ length: rows * columns }, (_, i) => {
      const row = Math.floor(i / columns);
      const column = i % columns;
      return gain * (byRows ? vectors[row]![column]! : vectors[column]![row]!);
    });
  };
}

function orthonormalise(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, i) => {
    // The second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors.slice(0, i)) {
        const overlap = dot(vector, other);
        for (let k = 0; k < vector.length; k++) vector[k]! -= overlap * other[k]!;
      }
      const length = Math.sqrt(dot(vector, vector));
      for (let k = 0; k < vector.length; k++) vector[k]! /= length;
    }
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function fill(shape: readonly number[], draw: () => number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, draw);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

import { UsageError } from './errors.ts';
import type { Rng } from './rng.ts';

/** An axis-aligned box of float vectors, optionally cut by a ball: Gymnasium's `Box` with a norm limit. */
export interface BoxSpace {
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Largest Euclidean norm allowed; `Infinity` where only the box limits. */
  readonly maxNorm: number;
  readonly size: number;
  sample(rng: Rng): Float32Array;
  contains(value: ArrayLike<number>): boolean;
  /** The nearest member by clamping each coordinate, then scaling down to the norm limit. */
  clip(value: ArrayLike<number>): Float32Array;
}

export interface BoxSpaceOptions {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** @defaultValue Infinity */
  readonly maxNorm?: number;
}

/** A box of real numbers, and where asked for only as much of it as is within a norm. @throws UsageError for bounds that are none */
export function createBoxSpace({ low, high, maxNorm = Number.POSITIVE_INFINITY }: BoxSpaceOptions): BoxSpace {
  const size = low.length;
  if (high.length !== size)
    throw new UsageError(`a box needs as many upper as lower bounds: got ${size} and ${high.length}`);
  const lower = Float32Array.from(low);
  const upper = Float32Array.from(high);
  return {
    low: lower,
    high: upper,
    maxNorm,
    size,
    sample(rng) {
      for (;;) {
        const value = Float32Array.from(lower, (l, i) => rng.between(l, upper[i]!));
        if (norm(value) <= maxNorm) return value;
      }
    },
    contains(value) {
      if (value.length !== size) return false;
      for (let i = 0; i < size; i++) {
        const x = value[i]!;
        if (!(x >= lower[i]! && x <= upper[i]!)) return false;
      }
      return norm(value) <= maxNorm * (1 + 1e-6);
    },
    clip(value) {
      if (value.length !== size) throw new UsageError(`an action has ${size} numbers, got ${value.length}`);
      const clipped = Float32Array.from(lower, (l, i) => Math.min(Math.max(value[i]!, l), upper[i]!));
      const length = norm(clipped);
      if (length > maxNorm) for (let i = 0; i < size; i++) clipped[i]! *= maxNorm / length;
      return clipped;
    },
  };
}

function norm(value: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += value[i]! * value[i]!;
  return Math.sqrt(sum);
}

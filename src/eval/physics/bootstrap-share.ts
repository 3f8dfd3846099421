import { createRng } from '../../core/rng.ts';
import { percentile } from '../metrics/order-statistics.ts';
import type { Interval } from '../metrics/wilson-interval.ts';

/** A share of pairs, with its 95 % bootstrap interval over quadruplets. */
export interface Share {
  readonly share: number;
  readonly interval95: Interval;
}

const resamples = 2000;

/** The mean of one number a quadruplet; resamples quadruplets, both their pairs together (Efron, 1979). */
export function bootstrapShare(values: readonly number[], seed: number, ...path: readonly string[]): Share {
  const rng = createRng(seed, 'physics-bootstrap', ...path);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[rng.integer(values.length)]!;
    return sum / values.length;
  });
  return { share: meanOf(values), interval95: [percentile(means, 2.5), percentile(means, 97.5)] };
}

/** 1 where the first is less, 1/2 where both are alike. */
export function below(a: number, b: number): number {
  return a < b ? 1 : a === b ? 0.5 : 0;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

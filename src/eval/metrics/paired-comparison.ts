import { UsageError } from '../../core/errors.ts';
import { createRng } from '../../core/rng.ts';
import { binomialUpperTail } from './exact-binomial.ts';
import { percentile } from './order-statistics.ts';
import type { Interval } from './wilson-interval.ts';

/**
 * McNemar's exact two-sided test: could two policies that differ on `onlyFirst + onlySecond` of their common
 * episodes be equally good? The probability of a split at least as uneven among fair coin tosses.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const disagreements = onlyFirst + onlySecond;
  return Math.min(1, 2 * binomialUpperTail(Math.max(onlyFirst, onlySecond), disagreements, 0.5));
}

export interface PairedBootstrapOptions {
  /** One value an episode, in the same order of episodes. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly seed: number;
  /** @defaultValue 10,000 */
  readonly resamples?: number;
}

/**
 * The 95 % percentile-bootstrap interval of mean(first - second), resampling episodes with both their values
 * (Efron, 1979). The same seed gives the same interval.
 */
export function pairedBootstrap95(options: PairedBootstrapOptions): Interval {
  const { first, second, seed, resamples = 10_000 } = options;
  const count = first.length;
  if (count === 0 || second.length !== count) {
    throw new UsageError(`a paired comparison needs values of the same episodes, got ${count} and ${second.length}`);
  }
  const differences = Float64Array.from(first, (value, i) => value - second[i]!);
  const rng = createRng(seed, 'paired-bootstrap');
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += differences[rng.integer(count)]!;
    return sum / count;
  });
  return [percentile(means, 2.5), percentile(means, 97.5)];
}

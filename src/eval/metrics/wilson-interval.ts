import { UsageError } from '../../core/errors.ts';

export type Interval = readonly [low: number, high: number];

/** The standard normal's 97.5 % quantile. */
const z = 1.959963984540054;

/**
 * Wilson's 95 % score interval for a share of successes (Wilson, 1927): close to nominal coverage at any share, and
 * never outside [0, 1]. Of no trials nothing is known: [0, 1].
 */
export function wilson95(successes: number, trials: number): Interval {
  checkCounts(successes, trials);
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [successes === 0 ? 0 : centre - half, successes === trials ? 1 : centre + half];
}

/** Rejects what cannot be a count of successes among trials. */
export function checkCounts(successes: number, trials: number): void {
  if (!Number.isSafeInteger(trials) || !Number.isSafeInteger(successes) || successes < 0 || successes > trials) {
    throw new UsageError(`${successes} of ${trials} is not a count of successes among trials`);
  }
}

import type { Rng } from '../../core/rng.ts';
import { percentile } from './order-statistics.ts';
import type { Interval } from './wilson-interval.ts';

/** A moment that is judged: how high it scored, and whether what the score is to foretell came. */
export interface Scored {
  readonly score: number;
  readonly came: boolean;
}

/**
 * The area under the receiver operating characteristic: how often a moment before which it came scores higher than one
 * before which it didn't, ties as halves (the Mann-Whitney statistic; Hanley and McNeil, 1982). Null where only one
 * kind is there.
 */
export function auroc(moments: readonly Scored[]): number | null {
  const sorted = moments.toSorted((a, b) => a.score - b.score);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end < sorted.length && sorted[end]!.score === sorted[i]!.score) end++;
    // Ranks are counted from 1; equal scores share the middle one of theirs.
    const rank = (i + 1 + end) / 2;
    for (; i < end; i++) {
      if (!sorted[i]!.came) continue;
      positives++;
      rankSum += rank;
    }
  }
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Its 95 % bootstrap interval over episodes, each resampled with all its moments; null where it is not defined. */
export function aurocInterval(
  episodes: readonly (readonly Scored[])[],
  { rng, resamples = 1000 }: { readonly rng: Rng; readonly resamples?: number },
): Interval | null {
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const value = auroc(episodes.flatMap(() => episodes[rng.integer(episodes.length)]!));
    if (value !== null) values.push(value);
  }
  return values.length === 0 ? null : [percentile(values, 2.5), percentile(values, 97.5)];
}

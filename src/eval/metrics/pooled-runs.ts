import { UsageError } from '../../core/errors.ts';
import { createRng } from '../../core/rng.ts';
import { interquartileMean, percentile } from './order-statistics.ts';
import type { Interval } from './wilson-interval.ts';

export interface IqmBootstrapOptions {
  /** [run][episode]: a value of each, all runs on the same episodes in the same order. */
  readonly runs: readonly (readonly number[])[];
  readonly seed: number;
  /** @defaultValue 10,000 */
  readonly resamples?: number;
}

/**
 * The 95 % percentile-bootstrap interval of the interquartile mean over runs of a run's mean (Agarwal et al., 2021).
 * Both runs and the episodes that they have in common are drawn anew, so that it holds for other training seeds and
 * other episodes. Of three runs it is wide, as it should be. The same seed gives the same interval.
 */
export function iqmBootstrap95({ runs, seed, resamples = 10_000 }: IqmBootstrapOptions): Interval {
  const episodes = runs[0]?.length ?? 0;
  if (episodes === 0 || runs.some((values) => values.length !== episodes)) {
    throw new UsageError(`runs are pooled over the same episodes, got ${runs.map(({ length }) => length).join(', ')}`);
  }
  const rng = createRng(seed, 'iqm-bootstrap');
  const drawn = new Int32Array(episodes);
  const estimates = Array.from({ length: resamples }, () => {
    for (let i = 0; i < episodes; i++) drawn[i] = rng.integer(episodes);
    const means = runs.map(() => {
      const values = rng.pick(runs);
      let sum = 0;
      for (let i = 0; i < episodes; i++) sum += values[drawn[i]!]!;
      return sum / episodes;
    });
    return interquartileMean(means);
  });
  return [percentile(estimates, 2.5), percentile(estimates, 97.5)];
}

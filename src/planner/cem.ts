import type { Planner } from '../core/contracts.ts';
import { type PlannerProblem, requireCount, resolveSettings, type SearchOptions } from './options.ts';
import type { Candidate } from './population.ts';
import { createPopulationPlanner } from './population-planner.ts';

export interface CemOptions extends PlannerProblem, SearchOptions {
  /** Elites that stay in the next iteration's ranking, at no cost. */
  readonly keep?: number;
}

/** The default of every option: 64 x 4 candidates, as planned well on the learned tabletop. */
export const cemDefaults: Required<Omit<CemOptions, keyof PlannerProblem>> = {
  samples: 64,
  iterations: 4,
  elites: 8,
  keep: 5,
  std: 1,
  warmStd: 1,
  stdFloor: 0.1,
  momentum: 0,
  noise: { kind: 'white' },
  taskShare: 0.1,
};

/**
 * The cross-entropy method (Rubinstein, 1999; Chua et al., 2018, for planning): sample around a mean, refit mean
 * and std to the best, repeat.
 */
export function createCem(options: CemOptions): Planner {
  const settings = resolveSettings('cem', options, cemDefaults);
  requireCount('cem', 'keep', settings.keep, 0);
  return createPopulationPlanner(
    {
      name: 'cem',
      samples: new Array<number>(settings.iterations).fill(settings.samples),
      keep: settings.keep,
      evaluateMean: false,
      startsAtWarmStart: true,
      weigh: equalWeights,
    },
    settings,
  );
}

/** Every elite counts the same. */
export function equalWeights(elites: readonly Candidate[]): Float64Array {
  return new Float64Array(elites.length).fill(1 / elites.length);
}

import type { Planner } from '../core/contracts.ts';
import { type PlannerProblem, resolveSettings, type SearchOptions } from './options.ts';
import { createPopulationPlanner } from './population-planner.ts';

export type RandomShootingOptions = PlannerProblem &
  Pick<SearchOptions, 'samples' | 'iterations' | 'std' | 'noise' | 'taskShare'>;

/** The default of every option: actions drawn evenly from the box. */
export const randomShootingDefaults: Required<Omit<RandomShootingOptions, keyof PlannerProblem>> = {
  samples: 256,
  iterations: 1,
  std: 1 / Math.sqrt(3),
  noise: { kind: 'uniform' },
  taskShare: 0.1,
};

/**
 * Random shooting (as in Nagabandi et al., 2018): independent plans, the best is taken. Nothing is learned from
 * one iteration for the next; more iterations only split the candidates into smaller calls. The warm start and
 * suggestions are tried as they are.
 */
export function createRandomShooting(options: RandomShootingOptions): Planner {
  const settings = resolveSettings('random-shooting', options, randomShootingDefaults);
  return createPopulationPlanner(
    {
      name: 'random-shooting',
      samples: new Array<number>(settings.iterations).fill(settings.samples),
      keep: 0,
      evaluateMean: false,
      startsAtWarmStart: false,
      weigh: null,
    },
    { ...settings, warmStd: settings.std, stdFloor: 0, momentum: 0, elites: 1 },
  );
}

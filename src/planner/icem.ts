import type { Planner } from '../core/contracts.ts';
import { equalWeights } from './cem.ts';
import { type PlannerProblem, requireRange, resolveSettings, type SearchOptions } from './options.ts';
import { createPopulationPlanner } from './population-planner.ts';

export interface IcemOptions extends PlannerProblem, SearchOptions {
  /** Iteration i has max(2 x elites, samples / decay^i) candidates. */
  readonly decay?: number;
  /** Share of the elites that stays in the next iteration and, shifted, is suggested to the next decision. */
  readonly keepFraction?: number;
}

/** The default of every option, after the paper's at its low budgets. */
export const icemDefaults: Required<Omit<IcemOptions, keyof PlannerProblem>> = {
  samples: 64,
  iterations: 4,
  elites: 10,
  decay: 1.25,
  keepFraction: 0.3,
  std: 1,
  warmStd: 1,
  stdFloor: 0.1,
  momentum: 0.1,
  noise: { kind: 'coloured', beta: 2 },
  taskShare: 0.1,
};

/**
 * The improved cross-entropy method (Pinneri et al., 2020, arXiv:2008.06389): coloured noise, populations that
 * shrink, elites kept between iterations and decisions, the mean tried in the last iteration only.
 */
export function createIcem(options: IcemOptions): Planner {
  const settings = resolveSettings('icem', options, icemDefaults);
  requireRange('icem', 'decay', settings.decay, 1, Number.MAX_VALUE);
  requireRange('icem', 'keepFraction', settings.keepFraction, 0, 1);
  const least = Math.min(2 * settings.elites, settings.samples);
  return createPopulationPlanner(
    {
      name: 'icem',
      samples: Array.from({ length: settings.iterations }, (_, i) =>
        Math.max(least, Math.floor(settings.samples / settings.decay ** i)),
      ),
      keep: Math.ceil(settings.keepFraction * settings.elites),
      evaluateMean: true,
      startsAtWarmStart: true,
      weigh: equalWeights,
    },
    settings,
  );
}

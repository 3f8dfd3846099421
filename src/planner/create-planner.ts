import type { Planner } from '../core/contracts.ts';
import { unknownName } from '../core/errors.ts';
import { type CemOptions, cemDefaults, createCem } from './cem.ts';
import { createGradient, type GradientOptions, gradientDefaults } from './gradient.ts';
import { createIcem, type IcemOptions, icemDefaults } from './icem.ts';
import { createMppi, type MppiOptions, mppiDefaults } from './mppi.ts';
import type { PlannerProblem } from './options.ts';
import { createRandomShooting, type RandomShootingOptions, randomShootingDefaults } from './random-shooting.ts';

/** Options of each planner by its name. */
export interface PlannerOptions {
  readonly cem: CemOptions;
  readonly icem: IcemOptions;
  readonly mppi: MppiOptions;
  readonly gradient: GradientOptions;
  readonly 'random-shooting': RandomShootingOptions;
}

export type PlannerName = keyof PlannerOptions;

const factories: { readonly [N in PlannerName]: (options: PlannerOptions[N]) => Planner } = {
  cem: createCem,
  icem: createIcem,
  mppi: createMppi,
  gradient: createGradient,
  'random-shooting': createRandomShooting,
};

/** All that `createPlanner` makes. */
export const plannerNames = Object.keys(factories) as readonly PlannerName[];

/** What each planner does where it is told nothing else. */
export const plannerDefaults = {
  cem: cemDefaults,
  icem: icemDefaults,
  mppi: mppiDefaults,
  gradient: gradientDefaults,
  'random-shooting': randomShootingDefaults,
} as const satisfies { readonly [N in PlannerName]: Required<Omit<PlannerOptions[N], keyof PlannerProblem>> };

/**
 * The planner of that name.
 *
 * @throws UsageError for an unknown name or option, or a value out of its range
 */
export function createPlanner<N extends PlannerName>(name: N, options: PlannerOptions[N]): Planner {
  if (!Object.hasOwn(factories, name)) throw unknownName('planner', name, plannerNames);
  return factories[name](options);
}

import type { Planner } from '../core/contracts.ts';
import { unknownName } from '../core/errors.ts';
import { type CemOptions, createCem } from './cem.ts';
import { createGradient, type GradientOptions } from './gradient.ts';
import { createIcem, type IcemOptions } from './icem.ts';
import { createMppi, type MppiOptions } from './mppi.ts';
import { createRandomShooting, type RandomShootingOptions } from './random-shooting.ts';

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

export const plannerNames = Object.keys(factories) as readonly PlannerName[];

/**
 * The planner of that name.
 *
 * @throws UsageError for an unknown name or option, or a value out of its range
 */
export function createPlanner<N extends PlannerName>(name: N, options: PlannerOptions[N]): Planner {
  if (!Object.hasOwn(factories, name)) throw unknownName('planner', name, plannerNames);
  return factories[name](options);
}

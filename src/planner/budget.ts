import { createPlanner, type PlannerName, type PlannerOptions, plannerDefaults } from './create-planner.ts';
import type { PlannerProblem } from './options.ts';

/** Options that are lengths of moves; the rest are counts and shares. */
const lengths = ['std', 'warmStd', 'stdFloor', 'learningRate'] as const;

/**
 * The planner's defaults with every length of move times `scale`: a world in which half of the action range is a
 * large move (`std` of 0.4, say, for the planner that is known to work there) is searched by others in like steps.
 */
export function scaledDefaults(name: PlannerName, scale: number): Readonly<Record<string, number>> {
  const defaults = plannerDefaults[name] as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    lengths.flatMap((option) => {
      const value = defaults[option];
      return typeof value === 'number' ? [[option, scale * value]] : [];
    }),
  );
}

/** The counts of a search. */
export interface SearchSize {
  readonly samples: number;
  readonly iterations: number;
  /** Absent where the planner has none. */
  readonly elites?: number;
}

/**
 * The counts with which a planner spends as much of a number of evaluations as it can, and never more unless a
 * single sample takes more: samples and iterations grow alike, by the square root of the budget over that of the
 * defaults, elites with the samples. A planner that takes one iteration keeps to one.
 */
export function fitToBudget(name: PlannerName, problem: PlannerProblem, evaluations: number): SearchSize {
  const defaults: { readonly samples: number; readonly iterations: number; readonly elites?: number } =
    plannerDefaults[name];
  const spentBy = (size: Partial<SearchSize>) =>
    createPlanner(name, { ...problem, ...size } as PlannerOptions[PlannerName]).evaluationsPerPlan;
  const growth = Math.sqrt(evaluations / spentBy({}));
  const iterations = defaults.iterations === 1 ? 1 : Math.max(2, Math.round(defaults.iterations * growth));
  const sizeOf = (samples: number): SearchSize => ({
    samples,
    iterations,
    ...(defaults.elites === undefined
      ? {}
      : { elites: Math.max(2, Math.round((defaults.elites * samples) / defaults.samples)) }),
  });
  let samples = Math.max(1, Math.ceil(evaluations / iterations));
  // iCEM's later iterations are smaller, so it may have room for more than an even share.
  while (spentBy(sizeOf(samples + 1)) <= evaluations) samples += 1;
  while (samples > 1 && spentBy(sizeOf(samples)) > evaluations) samples -= 1;
  return sizeOf(samples);
}

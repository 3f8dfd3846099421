import { UsageError, unknownName } from '../core/errors.ts';
import type { NoiseSpec } from './noise.ts';
import type { ActionBounds } from './population.ts';

/** What every planner must be told. */
export interface PlannerProblem {
  /** Limits of one planned action; an environment's `actionSpace` serves. */
  readonly actionSpace: ActionBounds;
  /** Planned steps. */
  readonly horizon: number;
}

/** The settings of the shared search; each planner's file states its defaults. */
export interface SearchOptions {
  /** Candidates scored in an iteration. */
  readonly samples?: number;
  readonly iterations?: number;
  /** The best of an iteration that the distribution is refitted to. */
  readonly elites?: number;
  /**
   * First standard deviation of the search, in half-ranges of each action coordinate (or in norm limits, where
   * those are less).
   */
  readonly std?: number;
  /** The same where there is a warm start. */
  readonly warmStd?: number;
  /** Least standard deviation after refitting, in the same unit. */
  readonly stdFloor?: number;
  /** Share of the old mean and std that stays at each refit. */
  readonly momentum?: number;
  readonly noise?: NoiseSpec;
  /** How much the task counts among candidates that break a guardrail; see `Ordering`. 0 ranks by violation alone. */
  readonly taskShare?: number;
}

/** Options with the defaults filled in. */
export type PopulationSettings = PlannerProblem & Required<SearchOptions>;

/**
 * `given` over `defaults`, checked.
 *
 * @throws UsageError for an unknown option or a value out of its range
 */
export function resolveSettings<D extends SearchOptions>(
  planner: string,
  given: PlannerProblem & { readonly [K in keyof D]?: D[K] },
  defaults: D,
): PlannerProblem & D {
  const known = ['actionSpace', 'horizon', ...Object.keys(defaults)];
  for (const key of Object.keys(given))
    if (!known.includes(key)) throw unknownName(`option of planner '${planner}'`, key, known);
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const settings: PlannerProblem & D = { ...given, ...defaults, ...defined };

  const { actionSpace } = settings;
  if (actionSpace === undefined || !(actionSpace.size > 0))
    throw new UsageError(`planner '${planner}' needs an actionSpace with at least one number`);
  requireCount(planner, 'horizon', settings.horizon);
  const { samples, iterations, elites, std, warmStd, stdFloor, momentum, taskShare }: SearchOptions = settings;
  for (const [option, value] of Object.entries({ samples, iterations, elites }))
    if (value !== undefined) requireCount(planner, option, value);
  for (const [option, value] of Object.entries({ std, warmStd, stdFloor, taskShare }))
    if (value !== undefined) requireRange(planner, option, value, 0, Number.MAX_VALUE);
  if (momentum !== undefined) requireRange(planner, 'momentum', momentum, 0, 0.999);
  return settings;
}

/** @throws UsageError unless `value` is a whole number of at least 1 (or `least`) */
export function requireCount(planner: string, option: string, value: unknown, least = 1): void {
  if (!Number.isInteger(value) || (value as number) < least)
    throw new UsageError(`planner '${planner}': ${option} must be a whole number >= ${least}, got ${String(value)}`);
}

/** @throws UsageError unless `value` is a number within [low, high] */
export function requireRange(planner: string, option: string, value: unknown, low: number, high: number): void {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    const upper = high === Number.MAX_VALUE ? '' : ` and <= ${high}`;
    throw new UsageError(`planner '${planner}': ${option} must be a number >= ${low}${upper}, got ${String(value)}`);
  }
}

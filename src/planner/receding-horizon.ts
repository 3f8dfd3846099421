import type { Plan, Planner, PlanRequest, Scorer } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';
import { chooseExecution, type Execution, type FallbackRung } from './fallback.ts';
import { tierOf } from './population.ts';
import { shiftPlan } from './shift-plan.ts';

export interface RecedingHorizonOptions {
  readonly planner: Planner;
  /** A: numbers of one action. */
  readonly actionSize: number;
  /** Control steps for which a planned action is held. @defaultValue 1 */
  readonly blockLength?: number;
  /** Control steps between plans; a fallback plans anew at once. @defaultValue blockLength */
  readonly replanEverySteps?: number;
}

/** What to do in one control step of one episode. */
export interface ControlDecision {
  /** [A], held for this one control step. */
  readonly action: Float32Array;
  /** The search's result that is being executed, or that was refused. */
  readonly plan: Plan;
  /** [H, A] What is executed from the moment of planning on: the plan, or what replaced it. */
  readonly actions: Float32Array;
  readonly fallback: FallbackRung | null;
  /** Whether the plan was made in this step. */
  readonly planned: boolean;
}

/**
 * Model-predictive control over a batch of episodes: plan, execute a little, shift what is left and the elites into
 * the next search. Holds what goes from one decision of an episode to the next; episodes share nothing but the
 * calls to the planner.
 */
export interface RecedingHorizon {
  /** Starts episodes 0 ... B - 1, each with its own generator. */
  begin(rngs: readonly Rng[]): void;
  /**
   * One decision for each named episode. `scorerFor` is called once with those of them that plan in this step (not
   * at all where none does), and its scorer judges candidates from their present, in that order.
   */
  decide(
    episodes: readonly number[],
    scorerFor: (planning: readonly number[]) => Scorer | Promise<Scorer>,
    options?: DecideOptions,
  ): Promise<ControlDecision[]>;
}

export interface DecideOptions {
  /**
   * Plans from memory to try beside what is left of the last search, [H, A] each, best first, for those episodes that
   * plan in this step, in that order. Called after `scorerFor`.
   */
  readonly recalledFor?: (planning: readonly number[]) => readonly (readonly Float32Array[])[];
  readonly trace?: PlanRequest['trace'];
}

/** Plans anew at every step, or block of steps, from the last plan, and does its first action. */
export function createRecedingHorizon({
  planner,
  actionSize,
  blockLength = 1,
  replanEverySteps = blockLength,
}: RecedingHorizonOptions): RecedingHorizon {
  for (const [option, value] of Object.entries({ actionSize, blockLength, replanEverySteps }))
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`receding horizon: ${option} must be a whole number >= 1, got ${value}`);
  if (replanEverySteps > planner.horizon * blockLength)
    throw new UsageError(
      `receding horizon: a plan of ${planner.horizon} x ${blockLength} control steps can't last for replanEverySteps = ${replanEverySteps}`,
    );
  let episodes: EpisodeControl[] = [];
  return {
    begin(rngs) {
      episodes = rngs.map((rng) => createEpisodeControl(rng, actionSize, blockLength, replanEverySteps));
    },
    async decide(indices, scorerFor, { recalledFor, trace } = {}) {
      const planning = indices.filter((index) => episodes[index]!.needsPlan());
      if (planning.length > 0) {
        const controls = planning.map((index) => episodes[index]!);
        const scorer = await scorerFor(planning);
        const recalled = recalledFor?.(planning);
        const plans = await planner.plan({
          scorer,
          rngs: controls.map(({ rng }) => rng),
          warmStarts: controls.map((control) => control.warmStart()),
          suggestions: controls.map((control) => control.suggestions()),
          ...(recalled === undefined ? {} : { recalled }),
          ...(trace === undefined ? {} : { trace }),
        });
        for (const [i, control] of controls.entries()) control.adopt(plans[i]!);
      }
      return indices.map((index) => episodes[index]!.advance());
    },
  };
}

interface EpisodeControl {
  readonly rng: Rng;
  needsPlan(): boolean;
  warmStart(): Float32Array | null;
  suggestions(): readonly Float32Array[];
  adopt(plan: Plan): void;
  advance(): ControlDecision;
}

function createEpisodeControl(
  rng: Rng,
  actionSize: number,
  blockLength: number,
  replanEverySteps: number,
): EpisodeControl {
  let current: { readonly plan: Plan; readonly execution: Execution } | null = null;
  /** Control steps executed of the current execution. */
  let elapsed = 0;
  /** The last plan that was feasible when made, and how many control steps of it were executed. */
  let feasible: { readonly actions: Float32Array; elapsed: number } | null = null;

  const rest = (actions: Float32Array, steps: number) => shiftPlan(actions, actionSize, steps / blockLength);
  // While the brake holds, nothing of the plan is executed.
  const executedOfPlan = () => (current?.execution.fallback === 'brake' ? 0 : elapsed);

  return {
    rng,
    needsPlan: () => current === null || elapsed >= replanEverySteps || current.execution.fallback !== null,
    warmStart() {
      if (current === null) return null;
      if (tierOf(current.plan) === 2) return feasible === null ? null : rest(feasible.actions, feasible.elapsed);
      return rest(current.plan.actions, executedOfPlan());
    },
    suggestions: () => (current?.plan.elites ?? []).map((elite) => rest(elite, executedOfPlan())),
    adopt(plan) {
      const left = feasible === null ? 0 : feasible.actions.length - (feasible.elapsed / blockLength) * actionSize;
      const execution = chooseExecution(plan, left > 0 ? rest(feasible!.actions, feasible!.elapsed) : null);
      if (execution.fallback === null) feasible = { actions: plan.actions, elapsed: 0 };
      // The way out leaves the path on which the last feasible plan was safe.
      else if (execution.fallback === 'least-violation') feasible = null;
      current = { plan, execution };
      elapsed = 0;
    },
    advance() {
      const { plan, execution } = current!;
      const { actions, fallback } = execution;
      const start = Math.floor(elapsed / blockLength) * actionSize;
      const decision: ControlDecision = {
        action: actions.slice(start, start + actionSize),
        plan,
        actions,
        fallback,
        planned: elapsed === 0,
      };
      elapsed += 1;
      if (feasible !== null && fallback !== 'brake') feasible.elapsed += 1;
      return decision;
    },
  };
}

import type { Plan } from '../core/contracts.ts';
import { tierOf } from './population.ts';

/**
 * What was done because no safe plan was found:
 * - `least-violation`: the best plan found, which is predicted to break a guardrail, but less than standing still
 *   would: the way out of a zone (margins included) that something already is in;
 * - `shifted-plan`: the rest of the last feasible plan, since no candidate got a finite score;
 * - `brake`: zero actions.
 */
export type FallbackRung = 'least-violation' | 'shifted-plan' | 'brake';

export interface Execution {
  /** [H, A] */
  readonly actions: Float32Array;
  /** Null: a plan that breaks nothing as far as can be foreseen. */
  readonly fallback: FallbackRung | null;
}

/**
 * The last word on what is executed, so that feasibility comes first to the end.
 *
 * A feasible plan is executed. The search tries the brake and the shifted last plan in every decision, so where
 * its best candidate is infeasible, those two are no better than it by the search's order; then the plan is
 * executed only if it is predicted to violate *less than the brake*, whatever its cost, and the brake otherwise (or
 * where the brake's worth is unknown). With no finite score at all, the last plan that was feasible when it was
 * made goes on, then the brake.
 *
 * @param lastFeasible the rest of the last feasible plan, shifted to now; null where there is none
 */
export function chooseExecution(plan: Plan, lastFeasible: Float32Array | null): Execution {
  const tier = tierOf(plan);
  if (tier === 0) return { actions: plan.actions, fallback: null };
  if (tier === 1 && plan.brake !== undefined && plan.violation < plan.brake.violation)
    return { actions: plan.actions, fallback: 'least-violation' };
  if (tier === 2 && lastFeasible !== null) return { actions: lastFeasible, fallback: 'shifted-plan' };
  return { actions: new Float32Array(plan.actions.length), fallback: 'brake' };
}

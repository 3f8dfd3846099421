import { fitToBudget, scaledDefaults } from '../planner/budget.ts';
import { createPlanner, type PlannerName, type PlannerOptions } from '../planner/create-planner.ts';
import type { ActionBounds } from '../planner/population.ts';
import type { ModelConfig } from '../world-model/config.ts';

/** Candidates scored for one decision; `as-model`: as many as the model's own planner scores. */
export type EvaluationBudget = number | 'as-model';

/**
 * How a planner searches on a model: the model's own one as its scores were measured, another one by its defaults
 * over the same horizon, in moves of the same scale. With `evaluations` each spends as many of them on a decision as
 * it can.
 */
export function plannerOptionsFor(
  { planner: own }: ModelConfig,
  name: PlannerName,
  actionSpace: ActionBounds,
  evaluations?: EvaluationBudget,
): PlannerOptions[PlannerName] {
  const { horizon, std = 1 } = own.options as { readonly horizon: number; readonly std?: number };
  const problem = { actionSpace, horizon };
  const ownOptions = { ...own.options, ...problem };
  const options = name === own.name ? ownOptions : { ...scaledDefaults(name, std), ...problem };
  if (evaluations === undefined) return options;
  const budget =
    evaluations === 'as-model' ? createPlanner(own.name as PlannerName, ownOptions).evaluationsPerPlan : evaluations;
  if (createPlanner(name, options).evaluationsPerPlan === budget) return options;
  return { ...options, ...fitToBudget(name, problem, budget) };
}

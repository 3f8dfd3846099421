import type { Plan, Planner, PlanRequest, Scorer } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';

/** One decision of an episode, as the model imagines it and as it is. */
export interface DecisionProblem {
  /** What the agent's planner was asked, for this one episode. */
  readonly request: Pick<PlanRequest, 'scorer' | 'warmStarts' | 'suggestions'>;
  /** The same objective over the simulator. */
  readonly truth: Scorer;
  /** Whether both score in the same units, so that they can be compared: false where the agent plans by latents. */
  readonly comparable: boolean;
}

export interface MeasureRegretOptions {
  /** The planner at each number of candidates, fewest first. */
  readonly planners: readonly Planner[];
  /** A search so large that what it finds stands for the best there is: on the model, and on the simulator. */
  readonly reference: { readonly model: Planner; readonly truth: Planner };
  /** Draws for a named part of the decision. */
  readonly rngFor: (part: string) => Rng;
}

/** What a plan lost, and where. Costs are the objective's, lower is better. */
export interface Regret {
  /** Candidates the planner scored. */
  readonly evaluations: number;
  /** Model cost of the plan, less that of the best plan known: what the search lost. >= 0 */
  readonly planRegret: number;
  /**
   * True cost of the plan, less its model cost: positive where the model promised too much. A planner that exploits
   * its model finds ever greater promises with ever more candidates. Null where units differ.
   */
  readonly brokenPromise: number | null;
  /** True cost of the plan, less that of the best plan known in truth: what search and model lost together. >= 0 */
  readonly trueRegret: number;
}

/**
 * Splits the regret of one decision, at each number of candidates.
 *
 * The best plan known, on the model as in truth, is the best of the reference search and of all plans found here,
 * those of the other numbers of candidates included.
 */
export async function measureRegret(
  { request, truth, comparable }: DecisionProblem,
  { planners, reference, rngFor }: MeasureRegretOptions,
): Promise<Regret[]> {
  const onModel = (planner: Planner, part: string) => planOne(planner, { ...request, rngs: [rngFor(part)] });
  const plans: Plan[] = [];
  for (const planner of planners) plans.push(await onModel(planner, `plan/${planner.evaluationsPerPlan}`));
  const modelBest = await onModel(reference.model, 'reference/model');
  // What looks good in imagination is a good start in truth: the reference must not miss it.
  const trueBest = await planOne(reference.truth, {
    ...request,
    scorer: truth,
    suggestions: [[...plans, modelBest].map(({ actions }) => actions)],
    rngs: [rngFor('reference/truth')],
  });
  const trueCosts: number[] = [];
  for (const { actions } of plans) trueCosts.push((await truth.score(actions, 1)).cost[0]!);
  const bestModelCost = Math.min(modelBest.cost, ...plans.map(({ cost }) => cost));
  const bestTrueCost = Math.min(trueBest.cost, ...trueCosts);
  return plans.map(({ cost }, i) => ({
    evaluations: planners[i]!.evaluationsPerPlan,
    planRegret: cost - bestModelCost,
    brokenPromise: comparable ? trueCosts[i]! - cost : null,
    trueRegret: trueCosts[i]! - bestTrueCost,
  }));
}

async function planOne(planner: Planner, request: PlanRequest): Promise<Plan> {
  const [plan] = await planner.plan(request);
  if (!Number.isFinite(plan!.cost))
    throw new RunError(`planner '${planner.name}' found no plan of finite cost, so there is no regret to measure`);
  return plan!;
}

/** Mean over decisions, with the standard error of episodes' means: decisions of one episode are alike. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** Regret at one number of candidates. */
export interface RegretRow {
  readonly evaluations: number;
  readonly planRegret: Estimate;
  /** Mean absolute difference of model cost and true cost; null where units differ. */
  readonly modelError: Estimate | null;
  readonly brokenPromise: Estimate | null;
  readonly trueRegret: Estimate;
}

/** One row a number of candidates. `episodes`: [episode][decision][planner]. */
export function summariseRegret(episodes: readonly (readonly (readonly Regret[])[])[]): RegretRow[] {
  const measured = episodes.filter((decisions) => decisions.length > 0);
  return (measured[0]?.[0] ?? []).map(({ evaluations, brokenPromise }, i) => {
    const of = (value: (regret: Regret) => number) =>
      estimate(measured.map((decisions) => mean(decisions.map((regrets) => value(regrets[i]!)))));
    const comparable = brokenPromise !== null;
    return {
      evaluations,
      planRegret: of((regret) => regret.planRegret),
      modelError: comparable ? of((regret) => Math.abs(regret.brokenPromise!)) : null,
      brokenPromise: comparable ? of((regret) => regret.brokenPromise!) : null,
      trueRegret: of((regret) => regret.trueRegret),
    };
  });
}

function estimate(values: readonly number[]): Estimate {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const count = values.length;
  return { mean: centre, standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : Number.NaN };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

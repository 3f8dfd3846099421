import type { PlanRequest, Scores } from '../core/contracts.ts';
import { RunError, UsageError } from '../core/errors.ts';
import type { Candidate } from './population.ts';
import type { GivenPlans } from './seating.ts';

/** The scored candidates of episode `b`, as views of `candidates` [B, S, H, A]. */
export function candidatesOf(candidates: Float32Array, scores: Scores, b: number, samples: number): Candidate[] {
  const size = candidates.length / scores.cost.length;
  return Array.from({ length: samples }, (_, s) => {
    const index = b * samples + s;
    return {
      actions: candidates.subarray(index * size, (index + 1) * size),
      cost: scores.cost[index]!,
      violation: scores.violation[index]!,
    };
  });
}

/** What episode `b` is given. */
export function givenPlans({ warmStarts, recalled, suggestions }: PlanRequest, b: number): GivenPlans {
  return { warmStart: warmStarts[b] ?? null, recalled: recalled?.[b] ?? [], suggestions: suggestions?.[b] ?? [] };
}

/** @throws UsageError for parts of differing numbers, or plans of another size than [H, A] */
export function checkRequest({ rngs, warmStarts, suggestions, recalled }: PlanRequest, size: number): void {
  const counts = {
    'warm starts': warmStarts,
    'lists of suggestions': suggestions,
    'lists of recalled plans': recalled,
  };
  for (const [name, given] of Object.entries(counts))
    if (given !== undefined && given.length !== rngs.length)
      throw new UsageError(
        `a plan request needs one generator an episode and as many ${name}: got ${rngs.length} generators and ${given.length} ${name}`,
      );
  for (const plan of [...warmStarts, ...(suggestions ?? []).flat(), ...(recalled ?? []).flat()])
    if (plan !== null && plan.length !== size)
      throw new UsageError(
        `a plan here has ${size} numbers (horizon x action size), a warm start, suggestion or recalled plan has ${plan.length}`,
      );
}

/** @throws RunError unless there is one cost and one violation a candidate */
export function checkScores({ cost, violation }: Scores, count: number): void {
  if (cost.length !== count || violation.length !== count)
    throw new RunError(
      `the scorer was given ${count} candidates and returned ${cost.length} costs and ${violation.length} violations`,
    );
}

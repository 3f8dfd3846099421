import type { Plan } from '../core/contracts.ts';

/** Notices that an objective can't be reached safely. */
export interface SafeProgress {
  /**
   * Notes a decision; true while the agent can't do this safely, as far as it can see: for a number of decisions
   * nothing came nearer to done, and without guardrails it would.
   *
   * @param plan the search's result
   * @param braked whether standing still was executed in its place
   */
  note(plan: Plan, braked: boolean): Promise<boolean>;
}

export interface SafeProgressOptions {
  /** Plans from the present as if nothing were forbidden. Nothing of it is ever executed. */
  readonly planWithoutGuardrails: () => Promise<Plan>;
  /** Decisions without progress before the question is asked. @defaultValue 10 */
  readonly patience?: number;
  /** Decisions between asking again. @defaultValue 5 */
  readonly again?: number;
}

/** What counts as progress, and as hindrance, as shares of what standing still costs at the start. */
const leastProgress = 0.1;
const leastHindrance = 0.1;

export function createSafeProgress({
  planWithoutGuardrails,
  patience = 10,
  again = 5,
}: SafeProgressOptions): SafeProgress {
  let start: number | null = null;
  let best = Number.POSITIVE_INFINITY;
  let stalledFor = 0;
  let unable = false;
  return {
    async note(plan, braked) {
      const still = plan.brake?.cost ?? plan.cost;
      start ??= still;
      if (still < best - leastProgress * start) {
        best = still;
        stalledFor = 0;
        unable = false;
      } else stalledFor += 1;
      if (stalledFor >= patience && (stalledFor - patience) % again === 0) {
        const hindrance = savedBy(await planWithoutGuardrails()) - (braked ? 0 : savedBy(plan));
        unable = hindrance > leastHindrance * start;
      }
      return unable;
    },
  };
}

/** What a plan is predicted to save over standing still. */
function savedBy({ cost, brake }: Plan): number {
  return brake === undefined ? 0 : Math.max(0, brake.cost - cost);
}

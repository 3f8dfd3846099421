import type { Plan } from '../core/contracts.ts';
import type { Ways } from './ways.ts';

/** Notices that an objective can't be reached safely. */
export interface SafeProgress {
  /** Notes a decision; true while the agent can't do this safely, as far as it can see. */
  note(decision: NotedDecision): Promise<boolean>;
}

export interface NotedDecision {
  /** The search's result. */
  readonly plan: Plan;
  /** Whether standing still was executed in its place. */
  readonly braked: boolean;
  /** What is left of the way, and whether there is one. */
  readonly ways: Pick<Ways, 'closed' | 'left'>;
}

export interface SafeProgressOptions {
  /** Plans from the present as if nothing were forbidden. Nothing of it is ever executed. */
  readonly planWithoutGuardrails: () => Promise<Plan>;
  /** Looks in a row that find the way closed before it is believed. @defaultValue 3 */
  readonly looks?: number;
  /** Decisions without progress before the question is asked what is in the way. @defaultValue 10 */
  readonly patience?: number;
  /** Decisions between asking again. @defaultValue 5 */
  readonly again?: number;
}

/** What counts as progress, as a share of what there was to do at the start. */
const leastProgress = 0.1;
/** What counts as hindrance, as a share of what standing still costs now. */
const leastHindrance = 0.1;

/**
 * Two signs. Of an objective that names places: guardrails, with their margins, leave no way to them on the table, so
 * that no search could find one. Of others: for a number of decisions nothing came nearer to done, and the same search
 * without guardrails finds how it would. This second sign is believed until something comes nearer to done.
 */
export function createSafeProgress(options: SafeProgressOptions): SafeProgress {
  const { planWithoutGuardrails, looks = 3, patience = 10, again = 5 } = options;
  let start: number | null = null;
  let best = Number.POSITIVE_INFINITY;
  let stalledFor = 0;
  let closedFor = 0;
  let hindered = false;
  return {
    async note({ plan, braked, ways }) {
      closedFor = ways.closed ? closedFor + 1 : 0;
      if (ways.left !== null) return closedFor >= looks;
      const still = plan.brake?.cost ?? plan.cost;
      start ??= still;
      if (still < best - leastProgress * start) {
        best = still;
        stalledFor = 0;
        hindered = false;
      } else stalledFor += 1;
      if (!hindered && stalledFor >= patience && (stalledFor - patience) % again === 0) {
        const hindrance = savedBy(await planWithoutGuardrails()) - (braked ? 0 : savedBy(plan));
        hindered = hindrance > leastHindrance * Math.max(still, start / 2);
      }
      return hindered;
    },
  };
}

/** What a plan is predicted to save over standing still. */
function savedBy({ cost, brake }: Plan): number {
  return brake === undefined ? 0 : Math.max(0, brake.cost - cost);
}

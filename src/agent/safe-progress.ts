/** What one decision's search found, as costs of the objective; lower is better. */
export interface SearchOutcome {
  /** Of standing still: how far from done things are. */
  readonly still: number;
  /** Of what is executed. */
  readonly chosen: number;
  /** Of the cheapest candidate of all, whatever it would break. */
  readonly cheapest: number;
}

/** Notices that an objective can't be reached safely. */
export interface SafeProgress {
  /**
   * True while the agent can't do this safely, as far as it can see: for a number of decisions nothing came nearer
   * to done, and in most of them what would have was forbidden by a guardrail.
   */
  note(outcome: SearchOutcome): boolean;
}

/** Decisions without progress before the agent says so. */
const patience = 10;
/** What counts as progress: share of the cost of standing still. */
const leastProgress = 0.05;
/** Guardrails hinder where breaking one would save more than this share of the cost of standing still. */
const hindrance = 0.1;

export function createSafeProgress(): SafeProgress {
  let best = Number.POSITIVE_INFINITY;
  let hindered: boolean[] = [];
  return {
    note({ still, chosen, cheapest }) {
      if (still < best * (1 - leastProgress)) {
        best = still;
        hindered = [];
      }
      hindered = [...hindered, chosen - cheapest > hindrance * still].slice(-patience);
      return hindered.length === patience && hindered.filter(Boolean).length > patience / 2;
    },
  };
}

import type { EntityDescription } from '../core/contracts.ts';
import type { GuardrailSpec } from '../core/task.ts';
import { distanceTo, type Leeway } from '../cost/leeway.ts';
import type { Seen } from '../cost/term.ts';

/** Keeps how far from zones and fragile things others have been seen, to let them be where they are. */
export interface LeewayKeeper {
  /** Takes in a look. */
  note(
    guardrails: readonly GuardrailSpec[],
    entities: readonly EntityDescription[],
    seen: readonly Seen[],
    radii: readonly number[],
  ): void;
  readonly leeway: Leeway;
}

/**
 * How much nearer than where it was seen a thing may go, table widths. A disc only as much as seeing errs; other shapes
 * take up less than the circle around them that clearances are measured by, and need room to turn in.
 */
const ofDiscs = 0.006;
const ofOthers = 0.02;

/** However near something is, centres keep this share of the circle around them: less is inside, whatever the shape. */
const leastShare = 0.5;

/**
 * Radius and margin may ask for more room than a thing has where an episode begins, at rest and harmless. Were that a
 * violation, everything would be infeasible and the way out come first, wherever it leads. So what was never seen
 * further away may stay about as near as it is; once it was further away, that holds. Of the guardrails of a task
 * alone: the hard-wired ones are not asked to give way.
 */
export function createLeeway(): LeewayKeeper {
  const farthest = new Map<GuardrailSpec, readonly number[]>();
  return {
    note(guardrails, entities, seen, radii) {
      const isDisc = (slot: number): boolean => (entities[slot]!.shape ?? 'disc') === 'disc';
      const core = (slot: number): number => (isDisc(slot) ? 1 : leastShare) * radii[slot]!;
      const names = entities.map(({ name }) => name);
      for (const guardrail of guardrails) {
        const known = farthest.get(guardrail);
        const other = guardrail.kind === 'fragile' ? core(names.indexOf(guardrail.object, 1)) : 0;
        farthest.set(
          guardrail,
          seen.map((_, slot) => {
            const distance = distanceTo(guardrail, slot, names, seen) - (isDisc(slot) ? ofDiscs : ofOthers);
            return Math.max(distance, core(slot) + other, known?.[slot] ?? 0);
          }),
        );
      }
    },
    leeway: (guardrail, slot) => farthest.get(guardrail)?.[slot] ?? Number.POSITIVE_INFINITY,
  };
}

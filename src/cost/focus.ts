import type { Instruction } from '../core/contracts.ts';
import { createTerm } from './create-term.ts';
import { type CostShape, isDone, objectOf, type Seen } from './term.ts';

export interface FocusOptions {
  readonly instruction: Instruction;
  readonly shape: CostShape;
  /** [N] What is seen of each entity, in slot order. */
  readonly seen: readonly Seen[];
  /** The slot of the last decision: held until it is done, since switching in mid-way wastes the approach. */
  readonly previous: number | null;
}

/**
 * The slot of the object to go for: the last decision's until it is done, then the one nearest to the pusher of
 * those that are not; null when all are, or where the objective is about none.
 */
export function focusObject({ instruction, shape, seen, previous }: FocusOptions): number | null {
  const open = new Set<number>();
  for (const spec of instruction.objective) {
    const term = createTerm(spec, shape);
    const slot = objectOf(term);
    if (slot !== null && !isDone(term, seen, instruction)) open.add(slot);
  }
  if (previous !== null && open.has(previous)) return previous;
  const [pusherX, pusherY] = seen[0]!.position;
  const gap = (slot: number) => {
    const [x, y] = seen[slot]!.position;
    return Math.hypot(x - pusherX, y - pusherY);
  };
  let nearest: number | null = null;
  for (const slot of open) if (nearest === null || gap(slot) < gap(nearest)) nearest = slot;
  return nearest;
}

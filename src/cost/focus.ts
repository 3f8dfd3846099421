import type { Instruction } from '../core/contracts.ts';
import { createTerm } from './create-term.ts';
import type { CostShape, Seen } from './term.ts';

export interface FocusOptions {
  readonly instruction: Instruction;
  readonly shape: CostShape;
  /** [N] What is seen of each entity, in slot order. */
  readonly seen: readonly Seen[];
  /** The slot of the last decision: held until it is done, since switching in mid-way wastes the approach. */
  readonly previous: number | null;
  /** An object is done within this of where its terms cost nothing, table widths. @defaultValue 0.01 */
  readonly slack?: number;
}

/**
 * The slot of the object to go for: the last decision's until it is done, then the one nearest to the pusher of
 * those that are not; null when all are, or where the objective is about none.
 */
export function focusObject({ instruction, shape, seen, previous, slack = 0.01 }: FocusOptions): number | null {
  const open = new Set<number>();
  for (const spec of instruction.objective) {
    const { object } = createTerm(spec, shape);
    if (object !== null && object.residualAt(seen[object.slot]!, instruction) > slack) open.add(object.slot);
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

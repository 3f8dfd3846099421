import type { GuardrailSpec, Point } from '../core/task.ts';
import { signedDistanceAt } from './region.ts';

/**
 * The most that a guardrail may ask of a slot's distance from its zone or fragile object, table widths: as much as that
 * was seen to have, where it has less room than radius and margin ask for.
 */
export type Leeway = (guardrail: GuardrailSpec, slot: number) => number;

/**
 * How far a slot's centre is from where a guardrail does not want it, table widths; infinite where that is nowhere in
 * particular, or moves by itself.
 */
export function distanceTo(
  guardrail: GuardrailSpec,
  slot: number,
  entities: readonly string[],
  seen: readonly { readonly position: Point }[],
): number {
  const [x, y] = seen[slot]!.position;
  if (guardrail.kind === 'keep-out') return signedDistanceAt([x, y], guardrail.region);
  if (guardrail.kind === 'stay-on-table') return Math.min(x, y, 1 - x, 1 - y);
  if (guardrail.kind !== 'fragile') return Number.POSITIVE_INFINITY;
  const own = entities.indexOf(guardrail.object, 1);
  const [ownX, ownY] = seen[own]!.position;
  return own === slot ? Number.POSITIVE_INFINITY : Math.hypot(x - ownX, y - ownY);
}

import { handRadius } from '../core/moving-hand.ts';
import type { Point } from '../core/task.ts';
import type { View } from './observer.ts';

/** Remembers what things looked like before a hand passed over them. */
export interface Occlusion {
  /**
   * The view with what a hand covers as it was last seen: a thing under a hand has not moved because less of it is
   * to be seen.
   *
   * @param masses [N] covered areas, pixels
   * @param radii [N] table widths
   * @param hands where hands are seen
   */
  seeThrough(view: View, masses: readonly number[], radii: readonly number[], hands: readonly (Point | null)[]): View;
}

/** Share of a thing's area below which, with a hand there, it counts as covered. */
const covered = 0.93;

/** Room between the edges of thing and hand within which the one may cover the other, table widths: pixels blend. */
const blending = 0.02;

export function createOcclusion(latentSize: number): Occlusion {
  let last: View | null = null;
  let whole: number[] = [];
  let widest: number[] = [];
  return {
    seeThrough(view, masses, radii, hands) {
      const before = last;
      const isCovered = (slot: number): boolean => {
        if (before === null || slot === 0 || masses[slot]! >= covered * whole[slot]!) return false;
        const [x, y] = before.seen[slot]!.position;
        return hands.some(
          (hand) => hand !== null && Math.hypot(x - hand[0], y - hand[1]) < widest[slot]! + handRadius + blending,
        );
      };
      const latent = view.latent.slice();
      const seen = view.seen.map((now, slot) => {
        if (!isCovered(slot)) return now;
        latent.set(before!.latent.subarray(slot * latentSize, (slot + 1) * latentSize), slot * latentSize);
        return before!.seen[slot]!;
      });
      whole = masses.map((mass, slot) => Math.max(mass, whole[slot] ?? 0));
      widest = radii.map((radius, slot) => Math.max(radius, widest[slot] ?? 0));
      last = { latent, seen };
      return last;
    },
  };
}

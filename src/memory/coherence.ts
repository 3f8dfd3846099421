import type { Experience } from '../core/memory-contracts.ts';

/**
 * How well what was done explains where the pusher went, in [-1, 1]: the cosine of all its displacements from moment
 * to moment, as they were perceived, and the actions between, summed. 1 where it went as it was told; about 0 where
 * the actions are not those that were done. 1, too, where actions are not displacements in the plane, or where nothing
 * was done and nothing moved.
 */
export function coherence({ moments, actions, actionSize }: Experience): number {
  if (actionSize !== 2) return 1;
  let [both, done, seen] = [0, 0, 0];
  for (const [i, { step, positions }] of moments.entries()) {
    const next = moments[i + 1];
    if (next === undefined) break;
    for (const axis of [0, 1]) {
      const moved = next.positions[axis]! - positions[axis]!;
      let asked = 0;
      for (let t = step; t < next.step; t++) asked += actions[2 * t + axis]!;
      both += asked * moved;
      done += asked ** 2;
      seen += moved ** 2;
    }
  }
  if (done === 0 && seen === 0) return 1;
  return both === 0 ? 0 : both / Math.sqrt(done * seen);
}

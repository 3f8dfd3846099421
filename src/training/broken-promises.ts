import type { Imagined } from '../core/contracts.ts';
import { fieldSize } from '../env/two-rooms/field.ts';
import type { Trajectories, Windows } from './two-rooms-windows.ts';

/** A promise counts as broken where the dot is farther than this from where it was imagined, field widths. */
export const brokenDistance = 0.15;

/**
 * Windows of plans in which what is imagined parts from what comes: of each plan, all that hold the block at whose end
 * the two are first too far apart. Imagined places are probed ones, so this costs nothing beyond the planning.
 *
 * Few of a plan's windows are of this kind once a model is good: drawn evenly they are lost among those that it knows.
 * Replay by error is that of prioritised sweeping and prioritised replay (Schaul et al., 2016).
 * @param imagined Of each plan in turn, [H + 1][N], field widths: the dot is the first of N.
 * @param span Blocks of a window.
 */
export function brokenPromises(
  plans: Trajectories,
  imagined: readonly Imagined['positions'][],
  blockLength: number,
  span: number,
): Windows {
  const found: number[] = [];
  for (const [index, places] of imagined.entries()) {
    const blocks = places.length - 1;
    const broken = places.findIndex(([dot], block) => {
      const at = 2 * (index * plans.frames + block * blockLength);
      const x = plans.positions[at]! / fieldSize;
      const y = plans.positions[at + 1]! / fieldSize;
      return Math.hypot(dot![0] - x, dot![1] - y) > brokenDistance;
    });
    if (broken < 1) continue;
    for (let start = Math.max(0, broken - span); start <= Math.min(broken - 1, blocks - span); start++)
      found.push(index, start);
  }
  const windows = new Uint32Array(new SharedArrayBuffer(4 * found.length));
  windows.set(found);
  return windows;
}

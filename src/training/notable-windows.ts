import type { SlotEpisodes } from './slot-episodes.ts';

/** Where a window of frames begins. */
export interface WindowStart {
  readonly episode: number;
  readonly start: number;
}

/** An object counts as moving when its centroid travels further than this within a window, in table widths. */
const movingDistance = 0.015;

/** Windows of `span` steps in which some object's centroid travels. */
export function movingWindows(episodes: SlotEpisodes, span: number): WindowStart[] {
  const { centroid } = episodes;
  return windowsWhere(episodes, span, (before, after) => {
    const x = centroid[2 * after]! - centroid[2 * before]!;
    const y = centroid[2 * after + 1]! - centroid[2 * before + 1]!;
    return Math.hypot(x, y) > movingDistance;
  });
}

/** An object counts as turning when this share of what it covers, seen from its centroid, is other than it was. */
const changedShare = 0.3;

/** Windows of `span` steps in which some object looks different in the end, and so has turned. */
export function turningWindows(episodes: SlotEpisodes, span: number): WindowStart[] {
  const { crop, cropSize } = episodes;
  const area = cropSize * cropSize;
  return windowsWhere(episodes, span, (before, after) => {
    let covered = 0;
    let changed = 0;
    for (let i = 0; i < area; i++) {
      const value = crop[before * area + i]!;
      covered += value;
      changed += Math.abs(crop[after * area + i]! - value);
    }
    return changed > 2 * changedShare * covered;
  });
}

/** Windows in which `happens` to some object, told the indices of its first and last features. */
function windowsWhere(
  { episodes, steps, slots, presence }: SlotEpisodes,
  span: number,
  happens: (before: number, after: number) => boolean,
): WindowStart[] {
  const found: WindowStart[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const filled = Array.from({ length: slots - 1 }, (_, i) => i + 1).filter(
      (slot) => presence[episode * (slots - 1) + slot - 1] === 1,
    );
    for (let start = 0; start + span <= steps; start++) {
      const frame = episode * (steps + 1) + start;
      if (filled.some((slot) => happens(frame * slots + slot, (frame + span) * slots + slot)))
        found.push({ episode, start });
    }
  }
  return found;
}

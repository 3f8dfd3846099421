import { createRng } from '../core/rng.ts';
import type { TensorSpec } from '../engine/program.ts';
import { headingSize } from '../world-model/world-model.ts';
import type { BatchSource } from './batch-source.ts';
import { movingWindows, turningWindows } from './notable-windows.ts';
import type { SlotEpisodes } from './slot-episodes.ts';

export interface SlotBatchesOptions {
  readonly episodes: SlotEpisodes;
  readonly batch: number;
  /** Frames of a window, in steps from its start. */
  readonly offsets: readonly number[];
  /** Share of each batch drawn from windows in which an object is seen to move. */
  readonly movingShare: number;
  /** Share of each batch drawn from windows in which an object is seen to turn. @defaultValue 0 */
  readonly turningShare?: number | undefined;
  readonly seed: number;
  readonly stream: string;
}

/** Windows of slot features, drawn anew each step from that step's own stream: resuming needs no state. */
export function createSlotBatches({
  episodes,
  batch,
  offsets,
  movingShare,
  turningShare = 0,
  seed,
  stream,
}: SlotBatchesOptions): BatchSource {
  const { slots, steps, cropSize } = episodes;
  const span = offsets.at(-1)!;
  const area = cropSize * cropSize;
  const frames = offsets.length;
  const moving = movingWindows(episodes, span);
  const turning = turningShare > 0 ? turningWindows(episodes, span) : [];
  const arrays = {
    centroid: new Float32Array(batch * frames * slots * 2),
    crop: new Float32Array(batch * frames * slots * area),
    labels: new Float32Array(batch * frames * slots * 2),
    headings: new Float32Array(batch * frames * slots * headingSize),
    headingMask: new Float32Array(batch * frames * slots * headingSize),
    actions: new Float32Array(batch * span * 2),
    presence: new Float32Array(batch * (slots - 1)),
  };

  const fill = (row: number, episode: number, start: number): void => {
    offsets.forEach((offset, i) => {
      const from = (episode * (steps + 1) + start + offset) * slots;
      const to = (row * frames + i) * slots;
      arrays.centroid.set(episodes.centroid.subarray(2 * from, 2 * (from + slots)), 2 * to);
      arrays.labels.set(episodes.labels.subarray(2 * from, 2 * (from + slots)), 2 * to);
      arrays.headings.set(
        episodes.headings.subarray(headingSize * from, headingSize * (from + slots)),
        headingSize * to,
      );
      const mask = episodes.headingMask.subarray(headingSize * episode * slots, headingSize * (episode + 1) * slots);
      arrays.headingMask.set(mask, headingSize * to);
      const crops = episodes.crop.subarray(from * area, (from + slots) * area);
      for (let j = 0; j < crops.length; j++) arrays.crop[to * area + j] = crops[j]! / 255;
    });
    const first = 2 * (episode * steps + start);
    arrays.actions.set(episodes.actions.subarray(first, first + 2 * span), 2 * row * span);
    const filled = episodes.presence.subarray(episode * (slots - 1), (episode + 1) * (slots - 1));
    arrays.presence.set(filled, row * (slots - 1));
  };

  return {
    inputs: slotBatchInputs(batch, frames, slots, cropSize, span),
    batchAt(step) {
      const rng = createRng(seed, 'batches', stream, step);
      for (let row = 0; row < batch; row++) {
        const share = row / batch;
        const among = share < movingShare ? moving : share < movingShare + turningShare ? turning : [];
        if (among.length === 0) fill(row, rng.integer(episodes.episodes), rng.integer(steps - span + 1));
        else {
          const chosen = rng.pick(among);
          fill(row, chosen.episode, chosen.start);
        }
      }
      return arrays;
    },
  };
}

function slotBatchInputs(
  batch: number,
  frames: number,
  slots: number,
  cropSize: number,
  span: number,
): Record<string, TensorSpec> {
  return {
    centroid: { shape: [batch, frames, slots, 2] },
    crop: { shape: [batch, frames, slots, cropSize, cropSize] },
    labels: { shape: [batch, frames, slots, 2] },
    headings: { shape: [batch, frames, slots, headingSize] },
    headingMask: { shape: [batch, frames, slots, headingSize] },
    actions: { shape: [batch, span, 2] },
    presence: { shape: [batch, slots - 1] },
  };
}

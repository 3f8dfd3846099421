import { proprioceptionNames } from '../core/contracts.ts';
import { createRng } from '../core/rng.ts';
import type { TensorSpec } from '../engine/program.ts';
import { headingSize } from '../world-model/world-model.ts';
import type { BatchSource } from './batch-source.ts';
import { movingWindows, turningWindows } from './notable-windows.ts';
import type { SlotEpisodes } from './slot-episodes.ts';
import {
  moveBodies,
  moveHeadings,
  movePoints,
  pixelSources,
  type TableSymmetry,
  tableSymmetries,
} from './table-symmetries.ts';

export interface SlotBatchesOptions {
  readonly episodes: SlotEpisodes;
  readonly batch: number;
  /** Frames of a window, in steps from its start. */
  readonly offsets: readonly number[];
  /** Share of each batch drawn from windows in which an object is seen to move. */
  readonly movingShare: number;
  /** Share of each batch drawn from windows in which an object is seen to turn. @defaultValue 0 */
  readonly turningShare?: number | undefined;
  /** Whether each window is moved by one of the table's symmetries, drawn anew. @defaultValue false */
  readonly symmetries?: boolean | undefined;
  /** Whether batches have what the pusher's body tells. @defaultValue false */
  readonly proprioception?: boolean | undefined;
  readonly seed: number;
  readonly stream: string;
}

const bodySize = proprioceptionNames.length;

/** Windows of slot features, drawn anew each step from that step's own stream: resuming needs no state. */
export function createSlotBatches({
  episodes,
  batch,
  offsets,
  movingShare,
  turningShare = 0,
  symmetries = false,
  proprioception = false,
  seed,
  stream,
}: SlotBatchesOptions): BatchSource {
  const { slots, steps, cropSize } = episodes;
  const span = offsets.at(-1)!;
  const area = cropSize * cropSize;
  const frames = offsets.length;
  const moving = movingWindows(episodes, span);
  const turning = turningShare > 0 ? turningWindows(episodes, span) : [];
  const sources = tableSymmetries.map((symmetry) => pixelSources(cropSize, symmetry));
  const arrays = {
    centroid: new Float32Array(batch * frames * slots * 2),
    crop: new Float32Array(batch * frames * slots * area),
    labels: new Float32Array(batch * frames * slots * 2),
    headings: new Float32Array(batch * frames * slots * headingSize),
    headingMask: new Float32Array(batch * frames * slots * headingSize),
    actions: new Float32Array(batch * span * 2),
    presence: new Float32Array(batch * (slots - 1)),
    ...(proprioception ? { proprioception: new Float32Array(batch * frames * bodySize) } : {}),
  };

  const fill = (row: number, episode: number, start: number, symmetry: number): void => {
    const pixels = sources[symmetry]!;
    const masks = tableSymmetries[symmetry]!.mirrored ? episodes.mirroredHeadingMask : episodes.headingMask;
    offsets.forEach((offset, i) => {
      const from = (episode * (steps + 1) + start + offset) * slots;
      const to = (row * frames + i) * slots;
      arrays.centroid.set(episodes.centroid.subarray(2 * from, 2 * (from + slots)), 2 * to);
      arrays.labels.set(episodes.labels.subarray(2 * from, 2 * (from + slots)), 2 * to);
      arrays.headings.set(
        episodes.headings.subarray(headingSize * from, headingSize * (from + slots)),
        headingSize * to,
      );
      const at = (episode * (steps + 1) + start + offset) * bodySize;
      arrays.proprioception?.set(episodes.proprioception.subarray(at, at + bodySize), (row * frames + i) * bodySize);
      const mask = masks.subarray(headingSize * episode * slots, headingSize * (episode + 1) * slots);
      arrays.headingMask.set(mask, headingSize * to);
      for (let slot = 0; slot < slots; slot++) {
        const [before, after] = [(from + slot) * area, (to + slot) * area];
        for (let j = 0; j < area; j++) arrays.crop[after + j] = episodes.crop[before + pixels[j]!]! / 255;
      }
    });
    const first = 2 * (episode * steps + start);
    arrays.actions.set(episodes.actions.subarray(first, first + 2 * span), 2 * row * span);
    const filled = episodes.presence.subarray(episode * (slots - 1), (episode + 1) * (slots - 1));
    arrays.presence.set(filled, row * (slots - 1));
    if (symmetry > 0) move(row, tableSymmetries[symmetry]!);
  };

  /** Moves what a row tells of places and directions; its crops and masks were chosen to fit. */
  const move = (row: number, symmetry: TableSymmetry): void => {
    const rowOf = (values: Float32Array): Float32Array => {
      const size = values.length / batch;
      return values.subarray(row * size, (row + 1) * size);
    };
    movePoints(rowOf(arrays.centroid), symmetry, 0.5);
    movePoints(rowOf(arrays.labels), symmetry, 0.5);
    movePoints(rowOf(arrays.actions), symmetry, 0);
    moveHeadings(rowOf(arrays.headings), symmetry);
    if (arrays.proprioception !== undefined) moveBodies(rowOf(arrays.proprioception), symmetry);
  };

  return {
    inputs: {
      ...slotBatchInputs(batch, frames, slots, cropSize, span),
      ...(proprioception ? { proprioception: { shape: [batch, frames, bodySize] } } : {}),
    },
    batchAt(step) {
      const rng = createRng(seed, 'batches', stream, step);
      for (let row = 0; row < batch; row++) {
        const share = row / batch;
        const among = share < movingShare ? moving : share < movingShare + turningShare ? turning : [];
        const { episode, start } =
          among.length > 0
            ? rng.pick(among)
            : { episode: rng.integer(episodes.episodes), start: rng.integer(steps - span + 1) };
        fill(row, episode, start, symmetries ? rng.integer(tableSymmetries.length) : 0);
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

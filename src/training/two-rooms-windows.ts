import { UsageError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { interleave } from '../core/stack-frames.ts';
import { drawTwoRooms } from '../env/two-rooms/draw.ts';
import { fieldSize } from '../env/two-rooms/field.ts';
import { twoRoomsTrajectory } from '../env/two-rooms/play.ts';
import type { BatchSource } from './batch-source.ts';

/** Dot trajectories: states only, since a frame is drawn from them in microseconds. M trajectories of T frames. */
export interface Trajectories {
  readonly count: number;
  readonly frames: number;
  /** [M] pixels */
  readonly wallX: Float32Array;
  /** [M] pixels */
  readonly doorY: Float32Array;
  /** [M, T, 2] pixels */
  readonly positions: Float32Array;
  /** [M, T - 1, 2] pixels a step */
  readonly actions: Float32Array;
}

/** Play in Two-Rooms, each trajectory from its own stream. */
export function playTrajectories(
  count: number,
  frames: number,
  blockLength: number,
  seed: number,
  split: string,
): Trajectories {
  const result = emptyTrajectories(count, frames);
  for (let i = 0; i < count; i++) {
    const played = twoRoomsTrajectory(createRng(seed, 'two-rooms-play', split, i), { frames, blockLength });
    result.wallX[i] = played.wallX;
    result.doorY[i] = played.doorY;
    result.positions.set(played.positions, i * frames * 2);
    result.actions.set(played.actions, i * (frames - 1) * 2);
  }
  return result;
}

/** In memory that threads share. */
export function emptyTrajectories(count: number, frames: number): Trajectories {
  const numbers = (size: number) => new Float32Array(new SharedArrayBuffer(4 * size));
  return {
    count,
    frames,
    wallX: numbers(count),
    doorY: numbers(count),
    positions: numbers(count * frames * 2),
    actions: numbers(count * (frames - 1) * 2),
  };
}

export interface TwoRoomsBatchesOptions {
  /** Each with the share of the batch that it fills. */
  readonly sources: readonly { readonly trajectories: Trajectories; readonly share: number }[];
  readonly batch: number;
  /** In predictor steps. */
  readonly offsets: readonly number[];
  readonly blockLength: number;
  readonly frame: readonly [number, number, number];
  /** Frames that are stacked into one, a predictor step apart, the window's own last. @defaultValue 1 */
  readonly history?: number;
  readonly seed: number;
  readonly stream: string;
}

/** Block-aligned windows, drawn and painted anew each step from that step's own stream. */
export function createTwoRoomsBatches(options: TwoRoomsBatchesOptions): BatchSource {
  const { sources, batch, offsets, blockLength, frame, history = 1, seed, stream } = options;
  const span = offsets.at(-1)!;
  for (const { trajectories } of sources) {
    if (trajectories.frames - 1 < span * blockLength)
      throw new UsageError(
        `windows of ${span * blockLength} steps do not fit into trajectories of ${trajectories.frames - 1}: let the agent play longer, or shorten the offsets`,
      );
  }
  const [height, width, channels] = frame;
  const deep = channels * history;
  const pixels = height * width * deep;
  const picture = new Uint8Array(height * width * channels);
  const arrays = {
    frames: new Float32Array(batch * offsets.length * pixels),
    labels: new Float32Array(batch * offsets.length * 2),
    actions: new Float32Array(batch * span * 2),
  };

  const fill = (row: number, from: Trajectories, index: number, start: number): void => {
    const layout = { wallX: from.wallX[index]!, doorY: from.doorY[index]! };
    offsets.forEach((offset, i) => {
      const to = row * offsets.length + i;
      for (let back = history - 1; back >= 0; back--) {
        // Before a trajectory's first frame it was as in that one.
        const t = Math.max(0, start + (offset - back) * blockLength);
        const at = 2 * (index * from.frames + t);
        drawTwoRooms(from.positions, layout, picture, at);
        interleave(picture, channels, arrays.frames, deep, (history - 1 - back) * channels, to * pixels);
        if (back === 0) {
          arrays.labels.set([from.positions[at]! / fieldSize, from.positions[at + 1]! / fieldSize], 2 * to);
        }
      }
    });
    for (let block = 0; block < span; block++) {
      const first = 2 * (index * (from.frames - 1) + start + block * blockLength);
      for (let axis = 0; axis < 2; axis++) {
        let sum = 0;
        for (let i = 0; i < blockLength; i++) sum += from.actions[first + 2 * i + axis]!;
        arrays.actions[2 * (row * span + block) + axis] = sum / blockLength;
      }
    }
  };

  return {
    inputs: {
      frames: { shape: [batch, offsets.length, height, width, deep] },
      labels: { shape: [batch, offsets.length, 1, 2] },
      actions: { shape: [batch, span, 2] },
    },
    batchAt(step) {
      const rng = createRng(seed, 'batches', stream, step);
      let row = 0;
      sources.forEach(({ trajectories, share }, s) => {
        const end = s === sources.length - 1 ? batch : Math.min(batch, row + Math.round(share * batch));
        const starts = Math.floor((trajectories.frames - 1) / blockLength) - span + 1;
        for (; row < end; row++)
          fill(row, trajectories, rng.integer(trajectories.count), blockLength * rng.integer(starts));
      });
      return arrays;
    },
    plan: { kind: 'two-rooms', options },
  };
}

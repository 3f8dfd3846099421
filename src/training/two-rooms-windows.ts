import { UsageError } from '../core/errors.ts';
import { createRng, type Rng } from '../core/rng.ts';
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

/** [W, 2] Windows by the index of their trajectory and the block they begin with. */
export type Windows = Uint32Array;

/** Where a share of each batch is drawn from. */
export interface WindowSource {
  readonly trajectories: Trajectories;
  readonly share: number;
  /** @defaultValue all that there are */
  readonly windows?: Windows;
}

export interface TwoRoomsBatchesOptions {
  /** The last fills what the others leave. */
  readonly sources: readonly WindowSource[];
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
        `windows of ${span * blockLength} steps do not fit into trajectories of ${trajectories.frames - 1}: plan or play longer, or shorten the offsets`,
      );
  }
  const [height, width, channels] = frame;
  const deep = channels * history;
  const pixels = height * width * deep;
  const paint = createPainter({ frame, history, blockLength });
  const arrays = {
    frames: new Float32Array(batch * offsets.length * pixels),
    labels: new Float32Array(batch * offsets.length * 2),
    actions: new Float32Array(batch * span * 2),
  };

  const fill = (row: number, from: Trajectories, index: number, block: number): void => {
    offsets.forEach((offset, i) => {
      const to = row * offsets.length + i;
      const t = (block + offset) * blockLength;
      paint(from, index, t, arrays.frames, to * pixels);
      const at = 2 * (index * from.frames + t);
      arrays.labels.set([from.positions[at]! / fieldSize, from.positions[at + 1]! / fieldSize], 2 * to);
    });
    for (let k = 0; k < span; k++)
      for (const axis of [0, 1] as const)
        arrays.actions[2 * (row * span + k) + axis] = meanAction(from, index, block + k, blockLength, axis);
  };

  return {
    inputs: {
      frames: { shape: [batch, offsets.length, height, width, deep] },
      labels: { shape: [batch, offsets.length, 1, 2] },
      actions: { shape: [batch, span, 2] },
    },
    batchAt(step) {
      const rng = createRng(seed, 'batches', stream, step);
      drawWindows({ sources, batch, span, blockLength, rng }, (row, { trajectories }, index, block) =>
        fill(row, trajectories, index, block),
      );
      return arrays;
    },
    plan: { kind: 'two-rooms', options },
  };
}

/** Writes what is seen at a step of a trajectory. */
export type Painter = (from: Trajectories, index: number, t: number, into: Float32Array, offset: number) => void;

/** Paints frames [H, W, C x history] of bytes: those of the blocks before stacked under the step's own. */
export function createPainter({
  frame,
  history = 1,
  blockLength,
}: Pick<TwoRoomsBatchesOptions, 'frame' | 'history' | 'blockLength'>): Painter {
  const [height, width, channels] = frame;
  const picture = new Uint8Array(height * width * channels);
  return (from, index, t, into, offset) => {
    const layout = { wallX: from.wallX[index]!, doorY: from.doorY[index]! };
    for (let back = history - 1; back >= 0; back--) {
      // Before a trajectory's first frame it was as in that one.
      const at = 2 * (index * from.frames + Math.max(0, t - back * blockLength));
      drawTwoRooms(from.positions, layout, picture, at);
      interleave(picture, channels, into, channels * history, (history - 1 - back) * channels, offset);
    }
  };
}

/** Fills the rows of a batch: each source its share, the last what the others leave. */
export function drawWindows<S extends WindowSource>(
  drawn: {
    readonly sources: readonly S[];
    readonly batch: number;
    readonly span: number;
    readonly blockLength: number;
    readonly rng: Rng;
  },
  visit: (row: number, source: S, index: number, block: number) => void,
): void {
  const { sources, batch, span, blockLength, rng } = drawn;
  let row = 0;
  sources.forEach((source, s) => {
    const end = s === sources.length - 1 ? batch : Math.min(batch, row + Math.round(source.share * batch));
    for (; row < end; row++) {
      const [index, block] = drawWindow(source, span, blockLength, rng);
      visit(row, source, index, block);
    }
  });
}

/** A window of a source: the index of its trajectory and the block it begins with. */
function drawWindow(
  { trajectories, windows }: WindowSource,
  span: number,
  blockLength: number,
  rng: Rng,
): readonly [number, number] {
  if (windows !== undefined) {
    const at = 2 * rng.integer(windows.length / 2);
    return [windows[at]!, windows[at + 1]!];
  }
  const starts = Math.floor((trajectories.frames - 1) / blockLength) - span + 1;
  return [rng.integer(trajectories.count), rng.integer(starts)];
}

/** What a predictor is told of a block: the mean of its actions, pixels a step. */
export function meanAction(
  { actions, frames }: Trajectories,
  index: number,
  block: number,
  blockLength: number,
  axis: 0 | 1,
): number {
  const first = 2 * (index * (frames - 1) + block * blockLength) + axis;
  let sum = 0;
  for (let i = 0; i < blockLength; i++) sum += actions[first + 2 * i]!;
  return sum / blockLength;
}

import { createRng } from '../core/rng.ts';
import type { BatchSource } from './batch-source.ts';
import { type PictureEpisodes, windowsOfMotion } from './picture-episodes.ts';
import { movePoints, pixelSources, tableSymmetries } from './table-symmetries.ts';

export interface PictureBatchesOptions {
  readonly episodes: PictureEpisodes;
  readonly batch: number;
  /** Frames of a window, in steps from its start. */
  readonly offsets: readonly number[];
  /** Share of each batch drawn from windows in which an object moves. */
  readonly movingShare: number;
  /** Whether each window is moved by one of the table's symmetries, drawn anew. */
  readonly symmetries: boolean;
  readonly seed: number;
  readonly stream: string;
}

/** Windows of whole pictures, drawn anew each step from that step's own stream: resuming needs no state. */
export function createPictureBatches(options: PictureBatchesOptions): BatchSource {
  const { episodes, batch, offsets, movingShare, symmetries, seed, stream } = options;
  const { steps, things, frame } = episodes;
  const span = offsets.at(-1)!;
  const frames = offsets.length;
  const size = frame[0] * frame[1] * frame[2];
  const moving = windowsOfMotion(episodes, span);
  const targets = tableSymmetries.map((symmetry) => inverseOf(pixelSources(frame[0], symmetry)));
  const arrays = {
    frames: new Float32Array(batch * frames * size),
    labels: new Float32Array(batch * frames * things * 2),
    actions: new Float32Array(batch * span * 2),
    presence: new Float32Array(batch * things),
  };

  const fill = (row: number, episode: number, start: number, symmetry: number): void => {
    offsets.forEach((offset, i) => {
      const from = episode * (steps + 1) + start + offset;
      const to = row * frames + i;
      episodes.frames.paint(from, arrays.frames, to * size, targets[symmetry]!);
      arrays.labels.set(episodes.labels.subarray(2 * from * things, 2 * (from + 1) * things), 2 * to * things);
    });
    const first = 2 * (episode * steps + start);
    arrays.actions.set(episodes.actions.subarray(first, first + 2 * span), 2 * row * span);
    arrays.presence.set(episodes.presence.subarray(episode * things, (episode + 1) * things), row * things);
    if (symmetry === 0) return;
    const rowOf = (values: Float32Array): Float32Array => {
      const own = values.length / batch;
      return values.subarray(row * own, (row + 1) * own);
    };
    movePoints(rowOf(arrays.labels), tableSymmetries[symmetry]!, 0.5);
    movePoints(rowOf(arrays.actions), tableSymmetries[symmetry]!, 0);
  };

  return {
    inputs: {
      frames: { shape: [batch, frames, ...frame] },
      labels: { shape: [batch, frames, things, 2] },
      actions: { shape: [batch, span, 2] },
      presence: { shape: [batch, things] },
    },
    batchAt(step) {
      const rng = createRng(seed, 'batches', stream, step);
      for (let row = 0; row < batch; row++) {
        const { episode, start } =
          row / batch < movingShare && moving.length > 0
            ? rng.pick(moving)
            : { episode: rng.integer(episodes.episodes), start: rng.integer(steps - span + 1) };
        fill(row, episode, start, symmetries ? rng.integer(tableSymmetries.length) : 0);
      }
      return arrays;
    },
  };
}

function inverseOf(permutation: Int32Array): Int32Array {
  const inverse = new Int32Array(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

import { UsageError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { compile } from '../engine/compile.ts';
import { constants } from '../engine/parameters.ts';
import type { CompileOptions } from '../engine/program.ts';
import { latentSize, pictureShape } from '../world-model/config.ts';
import { bindWorldModel } from '../world-model/world-model.ts';
import type { BatchSource } from './batch-source.ts';
import type { ModelSoFar } from './training-data.ts';
import { createPainter, drawWindows, meanAction, type Trajectories, type WindowSource } from './two-rooms-windows.ts';

/** Trajectories as a model sees them. M of K + 1 block-aligned frames. */
export interface LatentTrajectories {
  /** [M, K + 1, D] */
  readonly latents: Float32Array;
  /** [M, K, 2] mean actions of the blocks */
  readonly actions: Float32Array;
}

/** Frames of an encoder's call. */
const rows = 512;

/** Encodes trajectories with the model so far, each frame at the start of a block once. */
export async function encodeTrajectories(
  { config, layout, parameters }: ModelSoFar,
  trajectories: Trajectories,
  options: CompileOptions,
): Promise<LatentTrajectories> {
  const { actionRepeat } = config;
  const { count, frames } = trajectories;
  const shape = pictureShape(config);
  const paint = createPainter({ frame: config.frame, history: config.history ?? 1, blockLength: actionRepeat });
  const size = latentSize(config);
  const blocks = Math.floor((frames - 1) / actionRepeat);
  const total = count * (blocks + 1);
  const pixels = shape[0] * shape[1] * shape[2];
  const executable = await compile(
    {
      name: 'encode',
      inputs: { frames: { shape: [rows, ...shape] } },
      run: ({ frames: batch }) => ({
        latents: bindWorldModel(config, constants(parameters, layout)).encode(batch!),
      }),
    },
    options,
  );
  const latents = new Float32Array(total * size);
  const batch = new Float32Array(rows * pixels);
  for (let first = 0; first < total; first += rows) {
    const filled = Math.min(rows, total - first);
    for (let row = 0; row < filled; row++) {
      const index = Math.floor((first + row) / (blocks + 1));
      paint(trajectories, index, ((first + row) % (blocks + 1)) * actionRepeat, batch, row * pixels);
    }
    const encoded = (await executable.run({ frames: batch })).latents as Float32Array;
    latents.set(encoded.subarray(0, filled * size), first * size);
  }
  await executable.dispose();
  const actions = new Float32Array(2 * count * blocks);
  for (let index = 0; index < count; index++)
    for (let block = 0; block < blocks; block++)
      for (const axis of [0, 1] as const)
        actions[2 * (index * blocks + block) + axis] = meanAction(trajectories, index, block, actionRepeat, axis);
  return { latents, actions };
}

export interface LatentBatchesOptions {
  /** The last fills what the others leave. */
  readonly sources: readonly (WindowSource & { readonly encoded: LatentTrajectories })[];
  readonly batch: number;
  /** Blocks of a window; all its frames are in it. */
  readonly span: number;
  readonly blockLength: number;
  /** D */
  readonly size: number;
  readonly seed: number;
  readonly stream: string;
}

/** Windows of latents, drawn anew each step from that step's own stream. */
export function createLatentBatches(options: LatentBatchesOptions): BatchSource {
  const { sources, batch, span, blockLength, size, seed, stream } = options;
  for (const { trajectories } of sources) {
    if (trajectories.frames - 1 < span * blockLength)
      throw new UsageError(
        `windows of ${span * blockLength} steps do not fit into trajectories of ${trajectories.frames - 1}: plan or play longer, or shorten the offsets`,
      );
  }
  const arrays = {
    latents: new Float32Array(batch * (span + 1) * size),
    actions: new Float32Array(batch * span * 2),
  };
  return {
    inputs: {
      latents: { shape: [batch, span + 1, 1, size] },
      actions: { shape: [batch, span, 2] },
    },
    batchAt(step) {
      const rng = createRng(seed, 'batches', stream, step);
      drawWindows({ sources, batch, span, blockLength, rng }, (row, { encoded, trajectories }, index, block) => {
        const blocks = Math.floor((trajectories.frames - 1) / blockLength);
        const frame = index * (blocks + 1) + block;
        const action = index * blocks + block;
        arrays.latents.set(encoded.latents.subarray(frame * size, (frame + span + 1) * size), row * (span + 1) * size);
        arrays.actions.set(encoded.actions.subarray(2 * action, 2 * (action + span)), 2 * row * span);
      });
      return arrays;
    },
  };
}

import { UsageError } from '../core/errors.ts';
import type { CompileOptions, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentSize, pictureShape } from '../world-model/config.ts';
import { latentLoss } from '../world-model/losses/latent-loss.ts';
import { pictureLoss } from '../world-model/losses/picture-loss.ts';
import { windowLoss } from '../world-model/losses/window-loss.ts';
import { bindWorldModel } from '../world-model/world-model.ts';
import { createLatentBatches, encodeTrajectories, type LatentTrajectories } from './latent-windows.ts';
import type { Recipe } from './recipe.ts';
import { isEmpty, type TrainingData, type TrainingEvents } from './training-data.ts';
import { createTwoRoomsBatches, playTrajectories, type Trajectories, type WindowSource } from './two-rooms-windows.ts';

export type TwoRoomsData = Extract<Recipe['data'], { kind: 'two-rooms-play' }>;

const defaultHeldOutTrajectories = 400;

/** Play in Two-Rooms, and later the agent's own episodes beside it. */
export async function prepareTwoRooms(
  recipe: Recipe & { data: TwoRoomsData },
  seed: number,
  options: CompileOptions,
  events: TrainingEvents,
): Promise<TrainingData> {
  const { data, batch, offsets, model: config } = recipe;
  if (config.proprioception !== undefined) {
    throw new UsageError(
      `recipe '${recipe.name}': two-rooms gives no proprioception; take \`proprioception\` out of its model`,
    );
  }
  const blockLength = config.actionRepeat;
  const span = offsets.at(-1)!;
  const play = (split: string, count: number) => playTrajectories(count, data.frames, blockLength, seed, split);
  const common = { batch, offsets, blockLength, frame: config.frame, history: config.history ?? 1, seed };
  const unseen = play('held-out', data.heldOutTrajectories ?? defaultHeldOutTrajectories);
  const heldOut = [{ trajectories: unseen, share: 1 }];
  const played = play('train', data.trajectories);
  const encode = (parameters: Tensors, { frames }: Tensors): Tensor => {
    const [rows, count] = frames!.shape as [number, number];
    const encoded = bindWorldModel(config, parameters).encode(
      tf.reshape(frames!, [rows * count, ...pictureShape(config)]),
    );
    return tf.reshape(encoded, [rows, count, 1, latentSize(config)]);
  };
  return {
    config,
    heldOut: createTwoRoomsBatches({ ...common, sources: heldOut, stream: 'held-out' }),
    async stageBatches(stage, _index, modelSoFar) {
      const length = stage.encodedOnce?.span ?? span;
      const sources: WindowSource[] = [{ trajectories: played, share: 1 }];
      if (stage.ownEpisodes !== undefined) {
        const { playOwnTrajectories } = await import('./own-trajectories.ts');
        const { share, brokenShare } = stage.ownEpisodes;
        const own = await playOwnTrajectories(
          modelSoFar(),
          stage.ownEpisodes,
          length,
          seed,
          stage.name,
          options,
          events,
        );
        sources.unshift({ trajectories: own.plans, share });
        if (own.broken.length > 0)
          sources.unshift({ trajectories: own.plans, windows: own.broken, share: brokenShare });
      }
      if (stage.encodedOnce === undefined) return createTwoRoomsBatches({ ...common, sources, stream: stage.name });
      const encoded = new Map<Trajectories, LatentTrajectories>();
      for (const { trajectories } of sources)
        if (!encoded.has(trajectories))
          encoded.set(trajectories, await encodeTrajectories(modelSoFar(), trajectories, options));
      return createLatentBatches({
        sources: sources.map((source) => ({ ...source, encoded: encoded.get(source.trajectories)! })),
        batch: stage.encodedOnce.batch,
        span: length,
        blockLength,
        size: latentSize(config),
        seed,
        stream: stage.name,
      });
    },
    objectiveSize: latentSize(config),
    encode,
    loss(parameters, batch, { objective, teacher, noise }) {
      const model = bindWorldModel(config, parameters);
      if (batch.latents !== undefined) return latentLoss(model, batch.latents, batch.actions!);
      if (objective.name === 'reconstruction') {
        const { frames, actions, labels } = batch as Record<'frames' | 'actions' | 'labels', Tensor>;
        return pictureLoss(model, { frames, actions, labels, things: null }, offsets, objective);
      }
      const windows = {
        encoded: encode(parameters, batch),
        teacher: isEmpty(teacher) ? null : encode(teacher, batch),
        noise,
        actions: batch.actions!,
        labels: batch.labels!,
      };
      return windowLoss(model, windows, offsets, objective);
    },
  };
}

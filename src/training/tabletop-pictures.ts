import { UsageError } from '../core/errors.ts';
import type { CompileOptions, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentSize, type ModelConfig } from '../world-model/config.ts';
import { pictureLoss } from '../world-model/losses/picture-loss.ts';
import { windowLoss } from '../world-model/losses/window-loss.ts';
import { bindWorldModel } from '../world-model/world-model.ts';
import { fitColours, slotsToFit } from './fit-colours.ts';
import { createPictureBatches } from './picture-batches.ts';
import { collectPictureEpisodes } from './picture-episodes.ts';
import type { Recipe } from './recipe.ts';
import type { TabletopData } from './tabletop-play.ts';
import { isEmpty, type TrainingData, type TrainingEvents } from './training-data.ts';

const heldOutEpisodes = 200;

/**
 * Play on the table for models of the whole picture: the episodes that slot models learn from, colours fitted as for
 * them, so that the probe can tell which thing is meant; windows of pictures.
 */
export async function prepareTabletopPictures(
  recipe: Recipe & { data: TabletopData },
  seed: number,
  options: CompileOptions,
  events: TrainingEvents,
): Promise<TrainingData> {
  const { data, batch, offsets, model } = recipe;
  const foreign = (['history', 'proprioception'] as const).find((key) => model[key] !== undefined);
  if (foreign !== undefined) {
    throw new UsageError(
      `recipe '${recipe.name}': pictures of the table are trained on one by one; take \`${foreign}\` out of its model`,
    );
  }
  const { prototypes: things } = await fitColours(data, seed, slotsToFit, options);
  const config: ModelConfig = { ...model, things };
  const { frame } = config;
  const collect = (split: string, count: number) =>
    collectPictureEpisodes({
      ...{ data, seed, split, count, things, frame },
      onProgress: (done, total) => events.onPrepare?.(`playing (${split})`, done, total),
    });
  const held = collect('held-out', heldOutEpisodes);
  const played = collect('train', data.episodes);
  // Things turn where they are pushed: a window of either kind is one of motion.
  const movingShare = Math.min(1, data.movingShare + (data.turningShare ?? 0));
  const common = { batch, offsets, seed, movingShare };
  const encode = (parameters: Tensors, { frames }: Tensors): Tensor => {
    const [rows, count] = frames!.shape as [number, number];
    const encoded = bindWorldModel(config, parameters).encode(tf.reshape(frames!, [rows * count, ...frame]));
    return tf.reshape(encoded, [rows, count, 1, latentSize(config)]);
  };
  return {
    config,
    heldOut: createPictureBatches({ ...common, episodes: held, symmetries: false, stream: 'held-out' }),
    stageBatches: async (stage) =>
      createPictureBatches({
        ...common,
        ...{ episodes: played, symmetries: data.symmetries ?? false, stream: stage.name },
      }),
    objectiveSize: latentSize(config),
    encode,
    loss(parameters, given, { objective, teacher, noise }) {
      const bound = bindWorldModel(config, parameters);
      const { frames, actions, labels, presence } = given as Record<string, Tensor> & Record<'frames', Tensor>;
      if (objective.name === 'reconstruction') {
        const windows = { frames, actions: actions!, labels: labels!, things: presence! };
        return pictureLoss(bound, windows, offsets, objective);
      }
      const windows = {
        encoded: encode(parameters, given),
        teacher: isEmpty(teacher) ? null : encode(teacher, given),
        ...{ noise, actions: actions!, labels: labels!, things: presence! },
      };
      return windowLoss(bound, windows, offsets, objective);
    },
  };
}

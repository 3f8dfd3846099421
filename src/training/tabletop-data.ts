import { layoutOf } from '../engine/parameters.ts';
import type { Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentSize } from '../world-model/config.ts';
import { encodeSlots } from '../world-model/encoders/colour-slots.ts';
import { slotWindowLoss } from '../world-model/losses/slot-window-loss.ts';
import { fuseProprioception } from '../world-model/proprioception.ts';
import { bindWorldModel, worldModelSpecs } from '../world-model/world-model.ts';
import { calibrate } from './calibrate.ts';
import { collectSlotEpisodes } from './collect-slot-episodes.ts';
import { fitColours } from './fit-colours.ts';
import { latentObjective } from './latent-objective.ts';
import type { Recipe } from './recipe.ts';
import { createSlotBatches } from './slot-batches.ts';
import type { TabletopData } from './tabletop-play.ts';
import { isEmpty, type PrepareOptions, type TrainingData, type TrainingEvents } from './training-data.ts';

const defaultHeldOutEpisodes = 200;
const defaultCalibrationEpisodes = 600;
/** Share of errors that the margins cover, before they are capped: see docs/guardrails.md. */
const calibrationQuantile = 0.9;

/** Play on the table: colours fitted, episodes perceived once, windows of slot features sampled from them. */
export async function prepareTabletop(
  recipe: Recipe & { data: TabletopData },
  seed: number,
  { workers = 0, ...options }: PrepareOptions,
  events: TrainingEvents,
): Promise<TrainingData> {
  const { data, batch, offsets } = recipe;
  if (recipe.model.encoder.kind !== 'colour-slots') throw new TypeError('tabletop play trains slot models');
  const encoder = await fitColours(data, seed, recipe.model.encoder, options);
  const config = { ...recipe.model, encoder };
  const collect = (split: string, count: number) =>
    collectSlotEpisodes({
      ...{ data, seed, split, count, encoder, workers, ...options },
      onProgress: (done, total) => events.onPrepare?.(`playing (${split})`, done, total),
    });
  const held = await collect('held-out', data.heldOutEpisodes ?? defaultHeldOutEpisodes);
  const played = await collect('train', data.episodes);
  const proprioception = config.proprioception !== undefined;
  const { movingShare, turningShare } = data;
  const common = { batch, offsets, seed, movingShare, turningShare, proprioception };
  const encode = (parameters: Tensors, { centroid, crop, proprioception: body }: Tensors): Tensor => {
    const [rows, frames, slots] = centroid!.shape as [number, number, number, number];
    const side = encoder.cropSize;
    const features = {
      centroid: tf.reshape(centroid!, [rows * frames, slots, 2]),
      crop: tf.reshape(crop!, [rows * frames, slots, side, side]),
    };
    const seen = encodeSlots(parameters, features, encoder);
    const felt = body && tf.reshape(body, [rows * frames, -1]);
    const latents = fuseProprioception(config, parameters, seen, felt);
    return tf.reshape(latents, [rows, frames, slots, latentSize(config)]);
  };
  return {
    config,
    heldOut: createSlotBatches({ ...common, episodes: held, stream: 'held-out' }),
    stageBatches: async (stage) =>
      createSlotBatches({ ...common, episodes: played, stream: stage.name, symmetries: data.symmetries }),
    objectiveSize: encoder.whatSize,
    encode,
    loss(parameters, batch, { objective, teacher, noise }) {
      const windows = {
        encoded: encode(parameters, batch),
        teacher: isEmpty(teacher) ? null : encode(teacher, batch),
        noise,
        actions: batch.actions!,
        labels: batch.labels!,
        headings: batch.headings!,
        headingMask: batch.headingMask!,
        presence: batch.presence!,
      };
      return slotWindowLoss(bindWorldModel(config, parameters), windows, offsets, {
        objective: latentObjective({ name: recipe.name, objective }, 'slots'),
        place: recipe.placeWeight ?? 1,
        ...(recipe.momentWeight === undefined ? {} : { moments: recipe.momentWeight }),
      });
    },
    async measure(parameters) {
      const { calibrationEpisodes: episodes = defaultCalibrationEpisodes } = data;
      if (episodes === 0) return config;
      const model = { config, layout: layoutOf(worldModelSpecs(config)), parameters };
      const onProgress = (done: number, total: number) => events.onPrepare?.('calibrating', done, total);
      const play = { data, seed, episodes, workers, onProgress };
      const calibration = { model, ...play, quantile: calibrationQuantile, ...options };
      return { ...config, calibration: await calibrate(calibration) };
    },
  };
}

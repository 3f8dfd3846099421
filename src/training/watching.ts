import { UsageError } from '../core/errors.ts';
import { watchLoss } from '../world-model/losses/watch-loss.ts';
import { onlookerSpecs } from '../world-model/onlooker.ts';
import type { BatchSource } from './batch-source.ts';
import { latentObjective } from './latent-objective.ts';
import { prepareTrainingData } from './prepare-training-data.ts';
import type { Recipe } from './recipe.ts';
import { type TrainOptions, type TrainResult, train } from './train.ts';
import { isEmpty, type TrainingData } from './training-data.ts';

/** What of a batch is seen in frames: pictures, or the measures of coloured things in them. */
const seen: readonly string[] = ['frames', 'centroid', 'crop', 'presence'];

/**
 * Trains an encoder by a recipe of `watchRecipe`, on frames alone: action-free, as V-JEPA (Bardes et al., 2024). The
 * model that it leaves knows nothing of actions yet; `train` can begin from it.
 */
export async function watch({ data, ...options }: TrainOptions): Promise<TrainResult> {
  const { recipe, seed, events = {}, device, threads, workers = 0 } = options;
  const prepare = { ...(device && { device }), ...(threads && { threads }), workers };
  const all = data ?? (await prepareTrainingData(recipe, seed, prepare, events));
  return train({ ...options, data: watching(all, recipe) });
}

/**
 * The same data with all but frames taken away, to train the encoder and an action-free predictor that is thrown away
 * afterwards; the model's own predictor and probes stay as they began.
 */
export function watching(data: TrainingData, recipe: Recipe): TrainingData {
  const { measure: _, ...rest } = data;
  const { config } = data;
  if (config.proprioception !== undefined) {
    throw new UsageError(
      `recipe '${recipe.name}' watches frames alone; take \`proprioception\` out of its model, and give it to the one that is trained from it`,
    );
  }
  const objective = latentObjective(recipe, 'watching');
  return {
    ...rest,
    heldOut: framesOf(data.heldOut),
    stageBatches: async (...stage) => framesOf(await data.stageBatches(...stage)),
    beside: onlookerSpecs(config, recipe.offsets.length),
    trains: (name) => /^(encoder|onlooker)\./.test(name),
    loss(parameters, batch, { teacher, noise }) {
      const windows = {
        encoded: data.encode(parameters, batch),
        teacher: isEmpty(teacher) ? null : data.encode(teacher, batch),
        noise,
        presence: batch.presence ?? null,
      };
      return watchLoss(config, parameters, windows, recipe.offsets, objective);
    },
  };
}

/** A source of which nothing but what is seen is left. */
function framesOf({ inputs, batchAt, ...plan }: BatchSource): BatchSource {
  return { ...plan, inputs: onlySeen(inputs), batchAt: (step) => onlySeen(batchAt(step)) };
}

function onlySeen<T>(named: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).filter(([name]) => seen.includes(name)));
}

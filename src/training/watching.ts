import { watchLoss } from '../world-model/losses/watch-loss.ts';
import { onlookerSpecs } from '../world-model/onlooker.ts';
import { slotCount } from '../world-model/world-model.ts';
import type { BatchSource } from './batch-source.ts';
import type { Recipe } from './recipe.ts';
import { isEmpty, type TrainingData } from './training-data.ts';

/** What of a batch is seen in frames: pictures, or the measures of coloured things in them. */
const seen: readonly string[] = ['frames', 'centroid', 'crop', 'presence'];

/** Frames of a window, in predictor steps: two to see how things move, then ever later ones. */
const offsets: readonly number[] = [0, 1, 2, 4, 8];

export interface WatchOptions {
  /** @defaultValue as many as the recipe's first stage has */
  readonly steps?: number;
}

/**
 * The recipe by which a recipe's encoder is trained on frames alone: one stage, no episodes of the agent's own, nothing
 * calibrated. What inverse dynamics keeps in flat latents, variance within windows keeps without actions.
 */
export function watchRecipe(recipe: Recipe, { steps }: WatchOptions = {}): Recipe {
  const { learningRate, warmupSteps, steps: usual } = recipe.stages[0]!;
  const { data, objective, model } = recipe;
  const count = steps ?? usual;
  const temporalVariance = slotCount(model) > 1 ? 0 : Math.max(objective.temporalVariance, 16);
  return {
    ...recipe,
    name: `${recipe.name}-watch`,
    data: data.kind === 'tabletop-play' ? { ...data, calibrationEpisodes: 0 } : data,
    offsets: [...offsets],
    objective: { ...objective, inverse: 0, temporalVariance },
    stages: [{ name: 'watch', steps: count, learningRate, warmupSteps: Math.min(warmupSteps, Math.floor(count / 4)) }],
  };
}

/**
 * The same data with all but frames taken away, to train the encoder and an action-free predictor that is thrown away
 * afterwards; the model's own predictor and probes stay as they began.
 */
export function watching(data: TrainingData, recipe: Recipe): TrainingData {
  const { measure: _, ...rest } = data;
  const { config } = data;
  return {
    ...rest,
    heldOut: framesOf(data.heldOut),
    stageBatches: async (...stage) => framesOf(await data.stageBatches(...stage)),
    beside: onlookerSpecs(config, recipe.offsets.length),
    trains: (name) => /^(encoder|onlooker)\./.test(name),
    loss(parameters, batch, { objective, teacher, noise }) {
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
function framesOf({ inputs, batchAt }: BatchSource): BatchSource {
  return { inputs: onlySeen(inputs), batchAt: (step) => onlySeen(batchAt(step)) };
}

function onlySeen<T>(named: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).filter(([name]) => seen.includes(name)));
}

import { slotCount } from '../world-model/world-model.ts';
import { latentObjective } from './latent-objective.ts';
import type { Recipe } from './recipe.ts';

/** Frames of a window, in predictor steps: two to see how things move, then ever later ones. */
const offsets: readonly number[] = [0, 1, 2, 4, 8];

export interface WatchOptions {
  /** @defaultValue as many as the recipe's first stage has */
  readonly steps?: number;
}

/**
 * The recipe by which a recipe's encoder is trained on frames alone: one stage, no episodes of the agent's own, nothing
 * calibrated, no proprioception. What inverse dynamics keeps in flat latents, variance within windows keeps without actions.
 *
 * @throws UsageError for a generative model's
 */
export function watchRecipe(recipe: Recipe, { steps }: WatchOptions = {}): Recipe {
  const { learningRate, warmupSteps, steps: usual } = recipe.stages[0]!;
  const { data } = recipe;
  const { proprioception: _, ...model } = recipe.model;
  const objective = latentObjective(recipe, 'watching');
  const count = steps ?? usual;
  const temporalVariance = slotCount(model) > 1 ? 0 : Math.max(objective.temporalVariance, 16);
  return {
    ...recipe,
    model,
    name: `${recipe.name}-watch`,
    data: data.kind === 'tabletop-play' ? { ...data, calibrationEpisodes: 0 } : data,
    offsets: [...offsets],
    objective: { ...objective, inverse: 0, temporalVariance },
    stages: [{ name: 'watch', steps: count, learningRate, warmupSteps: Math.min(warmupSteps, Math.floor(count / 4)) }],
  };
}

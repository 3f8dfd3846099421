import { defaultObjective, type ObjectiveName } from '../world-model/objectives/config.ts';
import { slotCount } from '../world-model/world-model.ts';
import { latentObjective } from './latent-objective.ts';
import type { Recipe } from './recipe.ts';

/**
 * The recipe with another objective, of default weights; with its own weights where it has that objective already.
 * Slots go without temporal variance: what a thing is does not change while it rests.
 *
 * @throws UsageError for a generative model
 */
export function withObjective(recipe: Recipe, name: ObjectiveName): Recipe {
  if (latentObjective(recipe, `the objective '${name}'`).name === name) return recipe;
  const objective = defaultObjective(name);
  return { ...recipe, objective: slotCount(recipe.model) > 1 ? { ...objective, temporalVariance: 0 } : objective };
}

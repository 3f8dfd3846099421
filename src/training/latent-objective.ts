import { UsageError } from '../core/errors.ts';
import type { ObjectiveConfig } from '../world-model/objectives/config.ts';
import type { Recipe } from './recipe.ts';

/**
 * What a recipe asks of latents.
 * @throws UsageError naming what cannot be asked of a generative model's
 */
export function latentObjective(
  { name, objective }: Pick<Recipe, 'name' | 'objective'>,
  what: string,
): ObjectiveConfig {
  if (objective.name !== 'reconstruction') return objective;
  throw new UsageError(`'${name}' trains a generative model, by reconstruction alone: it can't go with ${what}`);
}

import { existsSync } from 'node:fs';
import type { Recipe } from '../training/recipe.ts';
import type { ObjectiveName } from '../world-model/objectives/config.ts';
import { readDataFile } from './read-data-file.ts';

/** The recipe of that name, or of that file, with another objective where one is named. */
export async function loadRecipe(nameOrFile: string, objective: ObjectiveName | undefined): Promise<Recipe> {
  const recipe = existsSync(nameOrFile) ? await readRecipe(nameOrFile) : await recipeNamed(nameOrFile);
  if (objective === undefined) return recipe;
  const { withObjective } = await import('../training/with-objective.ts');
  return withObjective(recipe, objective);
}

async function readRecipe(file: string): Promise<Recipe> {
  const { parseRecipe } = await import('../training/recipe.ts');
  return parseRecipe(await readDataFile(file, 'training recipe'), file);
}

async function recipeNamed(name: string): Promise<Recipe> {
  const { recipeByName } = await import('../training/recipes.ts');
  return recipeByName(name);
}

import { parseRecipe } from '../../../src/training/recipe.ts';
import { recipeByName, recipeNames } from '../../../src/training/recipes.ts';
import { withObjective } from '../../../src/training/with-objective.ts';
import { defaultObjective, objectiveConfigSchema, objectiveNames } from '../../../src/world-model/objectives/config.ts';
import { createObjective } from '../../../src/world-model/objectives/create-objective.ts';

test('every name is an objective with defaults for all its weights', () => {
  expect([...objectiveNames].sort()).toEqual([
    'barlow-twins',
    'ema-teacher',
    'info-nce',
    'prediction-only',
    'sigreg',
    'simsiam',
    'vicreg',
  ]);
  for (const name of objectiveNames) {
    const config = defaultObjective(name);
    expect(config.name).toBe(name);
    expect(objectiveConfigSchema.parse(config)).toEqual(config);
    expect(createObjective(config).loss).toBeInstanceOf(Function);
  }
});

test('what only pulls together is not on by default where nothing pushes apart', () => {
  for (const name of ['ema-teacher', 'simsiam', 'prediction-only'] as const)
    expect(defaultObjective(name).similarity).toBe(0);
});

test('another objective comes with its defaults, without temporal variance for slots', () => {
  const [flat, slots] = [recipeByName('two-rooms'), recipeByName('tabletop-small')];
  expect(withObjective(flat, 'vicreg')).toBe(flat);
  expect(withObjective(slots, 'vicreg')).toBe(slots);
  expect(withObjective(flat, 'info-nce').objective).toEqual(defaultObjective('info-nce'));
  expect(defaultObjective('info-nce').temporalVariance).toBeGreaterThan(0);
  expect(withObjective(slots, 'info-nce').objective).toEqual({ ...defaultObjective('info-nce'), temporalVariance: 0 });
});

test('a weight that the objective does not know is an error that names it', () => {
  const recipe = recipeByName('two-rooms');
  const parse = (objective: object) => () => parseRecipe({ ...recipe, objective }, 'my.yaml');
  expect(parse({ name: 'vicreg' })().objective).toEqual(recipe.objective);
  expect(parse({ name: 'sigreg', variance: 1 })).toThrow(/my\.yaml.*objective.*variance/);
  expect(parse({ name: 'sigreg', weight: -1 })).toThrow(/objective\.weight/);
  expect(parse({ name: 'byol' })).toThrow(/objective/);
});

test.each(recipeNames)("the recipe '%s' is one by the schema", (name) => {
  const recipe = recipeByName(name);
  expect(parseRecipe(JSON.parse(JSON.stringify(recipe)), name)).toEqual(recipe);
});

import { z } from 'zod';
import { painterConfigSchema } from '../world-model/painter/config.ts';
import { filmRecipeFields } from './film-recipe.ts';
import { sideViewRecipe } from './spectator-recipe.ts';

/** Everything that decides a painter's training: with its seed, the same weights byte for byte. */
export const painterRecipeSchema = z.strictObject({
  ...filmRecipeFields,
  model: painterConfigSchema,
  objective: z.strictObject({ name: z.literal('pixels') }),
});

export type PainterRecipe = z.infer<typeof painterRecipeSchema>;

/** The shipped one: the spectator's films, and about as many parameters. */
export const sideViewPixelsRecipe: PainterRecipe = {
  name: 'side-view-pixels',
  model: {
    format: 'amitable.painter/1',
    frame: sideViewRecipe.model.frame,
    patch: 8,
    readSize: 48,
    memorySize: 42,
    paintSize: 64,
    context: sideViewRecipe.model.context,
  },
  films: sideViewRecipe.films,
  scenarioShare: sideViewRecipe.scenarioShare,
  heldOutFilms: sideViewRecipe.heldOutFilms,
  batch: 8,
  objective: { name: 'pixels' },
  optimiser: { weightDecay: 1e-5, clipNorm: 1 },
  steps: 2500,
  learningRate: 2e-3,
  warmupSteps: 100,
  evaluateEvery: 500,
  checkpointEvery: 250,
};

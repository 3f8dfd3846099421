import { z } from 'zod';

const count = z.number().int().positive();
const weight = z.number().min(0);

/** How films are drawn and learned from, whatever learns. */
export const filmRecipeFields = {
  name: z.string(),
  /** Films watched, and how many of them are possible films of the scenarios that `physics` also draws from. */
  films: count,
  scenarioShare: z.number().min(0).max(1),
  heldOutFilms: count,
  batch: count,
  optimiser: z.strictObject({ weightDecay: weight, clipNorm: z.number().positive() }),
  steps: count,
  learningRate: z.number().positive(),
  warmupSteps: z.number().int().min(0),
  evaluateEvery: count,
  checkpointEvery: count,
};

const filmRecipeSchema = z.object(filmRecipeFields);

export type FilmRecipe = z.infer<typeof filmRecipeSchema>;

import { z } from 'zod';
import { spectatorConfigSchema } from '../world-model/spectator/config.ts';
import { filmRecipeFields } from './film-recipe.ts';

const weight = z.number().min(0);

/** Everything that decides a spectator's training: with its seed, the same weights byte for byte. */
export const spectatorRecipeSchema = z.strictObject({
  ...filmRecipeFields,
  model: spectatorConfigSchema,
  objective: z.strictObject({ name: z.literal('vicreg'), variance: weight, covariance: weight }),
});

export type SpectatorRecipe = z.infer<typeof spectatorRecipeSchema>;

/** Filled in from pixels before training: scenery, screens and four colours of things. */
const unfitted: [number, number, number][] = Array.from({ length: 6 }, () => [0, 0, 0]);

/** The shipped one. */
export const sideViewRecipe: SpectatorRecipe = {
  name: 'side-view',
  model: {
    format: 'amitable.spectator/1',
    frame: [64, 64, 3],
    encoder: {
      kind: 'colour-slots',
      background: [0, 0, 0],
      prototypes: unfitted,
      cropSize: 16,
      cropHidden: [64, 32],
      hidden: 64,
      whatSize: 8,
    },
    mapSize: 32,
    aroundSize: 20,
    aroundHidden: [64],
    memorySize: 96,
    context: 10,
    weights: { place: 0.5, cover: 5, what: 0.5 },
  },
  films: 1200,
  scenarioShare: 0.75,
  heldOutFilms: 32,
  batch: 16,
  objective: { name: 'vicreg', variance: 1, covariance: 0.2 },
  optimiser: { weightDecay: 1e-5, clipNorm: 1 },
  steps: 15_000,
  learningRate: 3e-3,
  warmupSteps: 200,
  evaluateEvery: 2500,
  checkpointEvery: 500,
};

import type { Recipe } from '../../src/training/recipe.ts';
import { recipeByName } from '../../src/training/recipes.ts';

/** Every kind of stage, in seconds. */
export function tinyTwoRooms(): Recipe {
  const recipe = recipeByName('two-rooms');
  return {
    ...recipe,
    model: {
      ...recipe.model,
      encoder: {
        ...recipe.model.encoder,
        channels: [2, 2, 4],
        latentSize: 8,
        staticSize: 3,
      } as Recipe['model']['encoder'],
      predictor: { kind: 'residual-mlp', hidden: [8] },
      inverseHidden: [8],
      probeHidden: [8],
      planner: { name: 'mppi', options: { horizon: 3, samples: 4, iterations: 1, elites: 2 } },
    },
    data: { kind: 'two-rooms-play', trajectories: 20, frames: 21, heldOutTrajectories: 20 },
    batch: 4,
    offsets: [0, 1, 2],
    stages: [
      { name: 'play', steps: 6, learningRate: 1e-3, warmupSteps: 2 },
      {
        name: 'own',
        steps: 4,
        learningRate: 1e-3,
        warmupSteps: 1,
        ownEpisodes: { episodes: 3, steps: 12, share: 0.25, brokenShare: 0.25 },
      },
      {
        ...{ name: 'predictor', steps: 3, learningRate: 1e-3, warmupSteps: 1 },
        ...{ only: 'predictor', encodedOnce: { batch: 6 } },
        ownEpisodes: { episodes: 2, steps: 12, share: 0.25, brokenShare: 0.25 },
      },
      {
        ...{ name: 'predictor-long', steps: 3, learningRate: 1e-3, warmupSteps: 1 },
        ...{ only: 'predictor', encodedOnce: { batch: 5, span: 3 } },
        ownEpisodes: { episodes: 2, steps: 12, share: 0.25, brokenShare: 0.25 },
      },
    ],
    evaluateEvery: 5,
    checkpointEvery: 1,
  };
}

export function tinyTabletop(): Recipe {
  const recipe = recipeByName('tabletop-small');
  return {
    ...recipe,
    model: {
      ...recipe.model,
      encoder: { ...recipe.model.encoder, cropHidden: [4], hidden: 8, whatSize: 6 } as Recipe['model']['encoder'],
      predictor: { kind: 'interaction', pusherHidden: [8], width: 8, messageWidth: 4 },
      inverseHidden: [8],
      probeHidden: [8],
    },
    data: {
      kind: 'tabletop-play',
      episodes: 4,
      steps: 10,
      objects: [1, 2],
      shapes: ['disc', 'box'],
      movingShare: 0.5,
      calibrationEpisodes: 0,
      heldOutEpisodes: 4,
    },
    batch: 4,
    // A graph is compiled in a time that goes with the steps rolled forward.
    offsets: [0, 1, 2],
    stages: [{ name: 'play', steps: 5, learningRate: 1e-3, warmupSteps: 2 }],
  };
}

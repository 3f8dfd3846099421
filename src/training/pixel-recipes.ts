import type { Recipe } from './recipe.ts';

/**
 * The generative model of Two-Rooms: encoder, predictor, data and planner of `twoRooms`, a decoder in place of the head
 * that reads actions, and pictures compared in place of latents.
 */
export function twoRoomsPixels(twoRooms: Recipe): Recipe {
  const { inverseHidden: _, ...model } = twoRooms.model;
  return {
    ...twoRooms,
    name: 'two-rooms-pixels',
    model: {
      ...model,
      decoder: { kind: 'blobs', hidden: [256, 256], count: 24, side: 32 },
    },
    batch: 48,
    offsets: [0, 1, 2, 3, 4, 6, 8],
    objective: { name: 'reconstruction', movingWeight: 4 },
    stages: [
      { name: 'play', steps: 3000, learningRate: 2e-3, warmupSteps: 100 },
      {
        name: 'own',
        steps: 1000,
        learningRate: 1.5e-3,
        warmupSteps: 100,
        ownEpisodes: { episodes: 250, steps: 96, share: 0.2, brokenShare: 0.2 },
      },
    ],
  };
}

/**
 * The generative model of the table: keypoints into one flat latent (the encoder that a prototype found to plan where
 * flat convolutions did not), about as many parameters as `tabletopSmall`, the same play, and the same planner.
 */
export function tabletopPixels(tabletopSmall: Recipe): Recipe {
  const { inverseHidden: _, ...model } = tabletopSmall.model;
  const { placeWeight: _place, momentWeight: _moment, ...recipe } = tabletopSmall;
  return {
    ...recipe,
    name: 'tabletop-pixels',
    model: {
      ...model,
      encoder: {
        kind: 'spatial-softmax',
        inputSize: 48,
        channelMean: [0.8, 0.8, 0.8],
        channelScale: [2.5, 2.5, 2.5],
        patchSize: 4,
        channels: 32,
        keypoints: 32,
        hidden: 256,
        latentSize: 128,
      },
      predictor: { kind: 'residual-mlp', hidden: [256, 256] },
      probeHidden: [128, 128],
      decoder: { kind: 'blobs', hidden: [256, 256], count: 32, side: 48 },
    },
    batch: 32,
    objective: { name: 'reconstruction', movingWeight: 4 },
    stages: [{ name: 'play', steps: 3200, learningRate: 2e-3, warmupSteps: 200 }],
  };
}

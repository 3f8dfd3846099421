import { unknownName } from '../core/errors.ts';
import { tabletopPixels, twoRoomsPixels } from './pixel-recipes.ts';
import type { Recipe } from './recipe.ts';

/** Filled in from pixels before training; the schema wants two colours at least. */
const unfitted: [number, number, number][] = [
  [0, 0, 0],
  [0, 0, 0],
];

const twoRooms: Recipe = {
  name: 'two-rooms',
  model: {
    format: 'amitable.model/1',
    world: 'two-rooms',
    frame: [65, 65, 2],
    action: { low: [-2.45, -2.45], high: [2.45, 2.45], maxNorm: 2.45 },
    actionRepeat: 4,
    encoder: {
      kind: 'strided-convolution',
      inputSize: 32,
      channelMean: [0, 0.1],
      channelScale: [10, 1 / 0.3],
      channels: [8, 16, 32],
      latentSize: 96,
      staticSize: 40,
    },
    predictor: { kind: 'residual-mlp', hidden: [192, 192] },
    inverseHidden: [256, 256],
    probeHidden: [256, 256],
    planner: {
      name: 'icem',
      options: { horizon: 20, samples: 64, iterations: 4, elites: 10, std: 0.6, warmStd: 0.6, stdFloor: 0.06 },
    },
  },
  data: { kind: 'two-rooms-play', trajectories: 20_000, frames: 91 },
  batch: 96,
  offsets: [0, 1, 2, 3, 5, 8],
  objective: {
    name: 'vicreg',
    variance: 16,
    covariance: 8,
    similarity: 1,
    straightening: 0,
    temporalVariance: 0,
    inverse: 2,
  },
  optimiser: { weightDecay: 1e-5, clipNorm: 2 },
  stages: [
    { name: 'play', steps: 1800, learningRate: 2e-3, warmupSteps: 100 },
    {
      name: 'own',
      steps: 1300,
      learningRate: 1.5e-3,
      warmupSteps: 100,
      ownEpisodes: { episodes: 300, steps: 80, share: 0.2, brokenShare: 0.2 },
    },
    {
      name: 'own-again',
      steps: 1300,
      learningRate: 1.2e-3,
      warmupSteps: 100,
      ownEpisodes: { episodes: 300, steps: 80, share: 0.2, brokenShare: 0.2 },
    },
    {
      name: 'predictor',
      steps: 6000,
      learningRate: 1.5e-3,
      warmupSteps: 50,
      only: 'predictor',
      encodedOnce: { batch: 256 },
      ownEpisodes: { episodes: 200, steps: 80, share: 0.2, brokenShare: 0.25 },
    },
    {
      name: 'predictor-long',
      steps: 5000,
      learningRate: 1e-3,
      warmupSteps: 50,
      only: 'predictor',
      encodedOnce: { batch: 100, span: 20 },
      ownEpisodes: { episodes: 200, steps: 80, share: 0.2, brokenShare: 0.25 },
    },
  ],
  evaluateEvery: 250,
  checkpointEvery: 250,
};

const tabletopSmall: Recipe = {
  name: 'tabletop-small',
  model: {
    format: 'amitable.model/1',
    world: 'tabletop',
    frame: [64, 64, 3],
    action: { low: [-1, -1], high: [1, 1] },
    actionRepeat: 1,
    encoder: {
      kind: 'colour-slots',
      background: [0, 0, 0],
      prototypes: unfitted,
      cropSize: 20,
      cropHidden: [128, 64],
      hidden: 256,
      whatSize: 16,
      moments: true,
    },
    predictor: { kind: 'interaction', pusherHidden: [128, 128], width: 256, messageWidth: 96, axes: 'pusher' },
    inverseHidden: [128],
    probeHidden: [256, 256],
    planner: {
      name: 'icem',
      options: { horizon: 8, samples: 64, iterations: 3, elites: 8, std: 1, stdFloor: 0.1 },
    },
  },
  data: {
    kind: 'tabletop-play',
    episodes: 8000,
    steps: 24,
    objects: [1, 4],
    shapes: ['disc', 'box', 't', 'l'],
    movingShare: 0.4,
    turningShare: 0.3,
    symmetries: true,
  },
  batch: 64,
  offsets: [0, 1, 2, 4, 8],
  objective: {
    name: 'vicreg',
    variance: 16,
    covariance: 2,
    similarity: 1,
    straightening: 0,
    temporalVariance: 0,
    inverse: 1,
  },
  placeWeight: 20,
  momentWeight: 4,
  optimiser: { weightDecay: 1e-5, clipNorm: 2 },
  stages: [{ name: 'play', steps: 7000, learningRate: 2e-3, warmupSteps: 200 }],
  evaluateEvery: 500,
  checkpointEvery: 500,
};

const pushT: Recipe = {
  ...tabletopSmall,
  name: 'push-t',
  model: {
    ...tabletopSmall.model,
    world: 'push-t',
    proprioception: { velocityScale: 20 },
    predictor: {
      kind: 'interaction',
      pusherHidden: [128, 128],
      width: 256,
      messageWidth: 32,
      axes: 'pusher',
      messages: false,
    },
    planner: {
      name: 'cem',
      options: { horizon: 10, samples: 64, iterations: 4, elites: 8, std: 0.5, stdFloor: 0.05 },
    },
  },
  data: {
    kind: 'tabletop-play',
    world: 'push-t',
    episodes: 5000,
    steps: 30,
    objects: [1, 1],
    shapes: ['t'],
    movingShare: 0.4,
    turningShare: 0.3,
    symmetries: true,
  },
  offsets: [0, 1, 2, 5, 10],
  stages: [{ name: 'play', steps: 6000, learningRate: 2e-3, warmupSteps: 200 }],
};

const recipes: readonly Recipe[] = [
  twoRooms,
  tabletopSmall,
  twoRoomsPixels(twoRooms),
  tabletopPixels(tabletopSmall),
  pushT,
];

/** The recipes that the package's own models were trained by. */
export const recipeNames: readonly string[] = recipes.map((recipe) => recipe.name);

/** @throws UsageError with the nearest spelling */
export function recipeByName(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name);
  if (found === undefined) throw unknownName('training configuration', name, recipeNames);
  return found;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '../../src/training/recipe.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { train } from '../../src/training/train.ts';
import { loadModel } from '../../src/world-model/model-store.ts';
import { encoders, predictors } from '../world-model/sample-models.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-architectures-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Parts = Pick<Recipe['model'], 'encoder' | 'predictor' | 'ensemble' | 'history'>;
const twoChannels = { channelMean: [0, 0.1], channelScale: [10, 3.3] };

/** From play to the agent's own episodes, in seconds. */
function tiny(parts: Parts): Recipe {
  const recipe = recipeByName('two-rooms');
  return {
    ...recipe,
    model: {
      ...recipe.model,
      ...parts,
      ...{ inverseHidden: [8], probeHidden: [8] },
      planner: { name: 'cem', options: { horizon: 3, samples: 4, iterations: 1, elites: 2 } },
    },
    data: { kind: 'two-rooms-play', trajectories: 8, frames: 21, heldOutTrajectories: 20 },
    batch: 4,
    offsets: [0, 1, 2],
    stages: [
      { name: 'play', steps: 3, learningRate: 1e-3, warmupSteps: 1 },
      {
        ...{ name: 'own', steps: 2, learningRate: 1e-3, warmupSteps: 1 },
        ownEpisodes: { episodes: 1, steps: 12, share: 0.25, brokenShare: 0.25 },
      },
    ],
  };
}

test.each<[string, Parts]>([
  ['keypoints and a GRU', { encoder: encoders['spatial-softmax'], predictor: predictors.gru }],
  [
    'a vision transformer and three causal transformers',
    {
      encoder: { ...encoders['vision-transformer'], blocks: 1 },
      predictor: { ...predictors['causal-transformer'], blocks: 1 },
      ensemble: 3,
    },
  ],
  ['a history of three frames', { encoder: encoders['strided-convolution'], predictor: predictors.gru, history: 3 }],
])('a recipe of %s trains, plays with itself and is stored', async (_name, parts) => {
  const encoder = { ...parts.encoder, ...twoChannels } as Parts['encoder'];
  const recipe = tiny({ ...parts, encoder });
  const { heldOut, parameters } = await train({ recipe, seed: 1, out: folder, resume: false });
  expect(Number.isFinite(heldOut.loss)).toBe(true);
  const stored = await loadModel(folder);
  expect(stored.config).toEqual(recipe.model);
  expect(stored.layout.size).toBe(parameters);
  const names = stored.layout.entries.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('predictor3.')).length > 0).toBe(parts.ensemble === 3);
});

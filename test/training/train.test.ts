import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '../../src/training/recipe.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { train } from '../../src/training/train.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Both stages, own episodes among them, in seconds. */
function tinyTwoRooms(): Recipe {
  const recipe = recipeByName('two-rooms');
  return {
    ...recipe,
    model: {
      ...recipe.model,
      encoder: { ...recipe.model.encoder, channels: [2, 2, 4], latentSize: 8 } as Recipe['model']['encoder'],
      predictor: { kind: 'residual-mlp', hidden: [8] },
      inverseHidden: [8],
      probeHidden: [8],
      planner: { name: 'mppi', options: { horizon: 3, samples: 4, iterations: 1, elites: 2 } },
    },
    data: { kind: 'two-rooms-play', trajectories: 20, frames: 21 },
    batch: 4,
    offsets: [0, 1, 2],
    stages: [
      { name: 'play', steps: 6, learningRate: 1e-3, warmupSteps: 2 },
      {
        name: 'own',
        steps: 4,
        learningRate: 1e-3,
        warmupSteps: 1,
        ownEpisodes: { episodes: 3, steps: 12, share: 0.5 },
      },
    ],
    evaluateEvery: 5,
    checkpointEvery: 1,
  };
}

function tinyTabletop(): Recipe {
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
    },
    batch: 4,
    stages: [{ name: 'play', steps: 5, learningRate: 1e-3, warmupSteps: 2 }],
  };
}

const weights = (out: string) => readFile(join(out, 'model.safetensors'));

class Killed extends Error {}

test.each([
  ['two-rooms', tinyTwoRooms, [1, 5, 8]],
  ['tabletop-small', tinyTabletop, [3]],
] as const)('%s: the same seed gives the same bytes, interrupted or not', async (_name, tiny, kills) => {
  const recipe = { ...tiny(), checkpointEvery: 1 };
  const whole = join(folder, 'whole');
  const result = await train({ recipe, seed: 3, out: whole, resume: false });
  expect(Number.isFinite(result.heldOut.loss)).toBe(true);

  const broken = join(folder, 'broken');
  for (const kill of kills) {
    const onStep = ({ step }: { step: number }) => {
      if (step > kill) throw new Killed();
    };
    await expect(train({ recipe, seed: 3, out: broken, resume: true, events: { onStep } })).rejects.toThrow(Killed);
  }
  await train({ recipe, seed: 3, out: broken, resume: true });
  expect(await weights(broken)).toEqual(await weights(whole));
});

test('another seed gives other weights', async () => {
  const recipe = { ...tinyTwoRooms(), stages: [{ name: 'play', steps: 2, learningRate: 1e-3, warmupSteps: 1 }] };
  await train({ recipe, seed: 1, out: join(folder, 'a'), resume: false });
  await train({ recipe, seed: 2, out: join(folder, 'b'), resume: false });
  expect((await weights(join(folder, 'a'))).equals(await weights(join(folder, 'b')))).toBe(false);
});

test('a checkpoint of another run is refused, and kept', async () => {
  const recipe = tinyTwoRooms();
  const onStep = ({ step }: { step: number }) => {
    if (step > 2) throw new Killed();
  };
  await expect(train({ recipe, seed: 3, out: folder, resume: false, events: { onStep } })).rejects.toThrow(Killed);
  const before = await readFile(join(folder, 'checkpoint.safetensors'));
  await expect(train({ recipe, seed: 4, out: folder, resume: true })).rejects.toThrow(/another run/);
  expect(await readFile(join(folder, 'checkpoint.safetensors'))).toEqual(before);
});

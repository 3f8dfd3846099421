import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import { type TrainOptions, train } from '../../src/training/train.ts';
import { tinyTabletop, tinyTwoRooms } from './tiny-recipes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const weights = (out: string) => readFile(join(out, 'model.safetensors'));

class Killed extends Error {}

test.each([
  ['two-rooms', tinyTwoRooms, [1, 5, 8, 11]],
  ['tabletop-small', tinyTabletop, [3]],
] as const)('%s: the same seed gives the same bytes, interrupted or not', async (_name, tiny, kills) => {
  const recipe = { ...tiny(), checkpointEvery: 1 };
  // Play on the table takes longest; that of Two-Rooms is made anew each time.
  const shared = recipe.data.kind === 'tabletop-play' ? { data: await prepareTrainingData(recipe, 3, {}, {}) } : {};
  const run = (options: Pick<TrainOptions, 'out' | 'resume' | 'events'>) =>
    train({ recipe, seed: 3, ...shared, ...options });
  const whole = join(folder, 'whole');
  const result = await run({ out: whole, resume: false });
  expect(Number.isFinite(result.heldOut.loss)).toBe(true);

  const broken = join(folder, 'broken');
  for (const kill of kills) {
    const onStep = ({ step }: { step: number }) => {
      if (step > kill) throw new Killed();
    };
    await expect(run({ out: broken, resume: true, events: { onStep } })).rejects.toThrow(Killed);
  }
  await run({ out: broken, resume: true });
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

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointPath } from '../../src/training/checkpoint.ts';
import { allFinite, createDivergenceWatch } from '../../src/training/divergence.ts';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import { train } from '../../src/training/train.ts';
import { tinyTwoRooms } from './tiny-recipes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-divergence-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['a batch holds NaN', 4, /^step 5 of 6: .*diverged at step 5.* is NaN.*checkpoint, of step 4, is kept: /],
  ['there is no checkpoint yet', 1, /^step 2 of 6: .* is NaN.* No checkpoint had been written\.$/],
] as const)('%s: training stops, names the step and keeps the last checkpoint', async (_, badStep, message) => {
  const recipe = {
    ...tinyTwoRooms(),
    stages: [{ name: 'play', steps: 6, learningRate: 1e-3, warmupSteps: 2 }],
    checkpointEvery: 2,
  };
  const sound = await prepareTrainingData(recipe, 3, {}, {});
  const data: typeof sound = {
    ...sound,
    async stageBatches(...args) {
      const batches = await sound.stageBatches(...args);
      return {
        inputs: batches.inputs,
        batchAt(step) {
          const batch = batches.batchAt(step);
          if (step !== badStep) return batch;
          return { ...batch, actions: batch.actions!.map(() => Number.NaN) };
        },
      };
    },
  };
  const out = join(folder, 'run');
  const failed = train({ recipe, seed: 3, out, resume: false, data });
  await expect(failed).rejects.toThrow(message);
  if (badStep < 2) return;
  // With sound data the run goes on from what was kept, and ends as one that never failed.
  await train({ recipe, seed: 3, out, resume: true });
  await train({ recipe, seed: 3, out: join(folder, 'whole'), resume: false });
  const weights = (model: string) => readFile(join(model, 'model.safetensors'));
  expect(await weights(out)).toEqual(await weights(join(folder, 'whole')));
  await expect(readFile(checkpointPath(out))).rejects.toThrow(/ENOENT/);
});

test('a learning rate beyond reason ends in an error, not in a model', async () => {
  const recipe = {
    ...tinyTwoRooms(),
    stages: [{ name: 'play', steps: 6, learningRate: 1e38, warmupSteps: 0 }],
    checkpointEvery: 1,
  };
  await expect(train({ recipe, seed: 3, out: folder, resume: false })).rejects.toThrow(/^step \d of 6: /);
  await expect(readFile(join(folder, 'config.json'))).rejects.toThrow(/ENOENT/);
});

test('a loss that grows a hundredfold over fifty steps has diverged; spikes and slow growth have not', () => {
  const observeAll = (losses: readonly number[]) => {
    const watch = createDivergenceWatch();
    return losses.findIndex((loss) => watch.observe(loss) !== null);
  };
  const steady = Array.from({ length: 100 }, (_, i) => 2 + Math.sin(i));
  expect(observeAll(steady)).toBe(-1);
  expect(observeAll([...steady, 5000, ...steady])).toBe(-1);
  expect(observeAll([...steady, ...Array.from({ length: 60 }, () => 150)])).toBe(-1);
  const lost = observeAll([...steady, ...Array.from({ length: 60 }, () => 400)]);
  expect(lost).toBeGreaterThan(100);
  expect(lost).toBeLessThan(100 + 50);
});

test('what is not finite is found wherever it is', () => {
  expect(allFinite(Float32Array.of(3.4e38, 3.4e38, -1))).toBe(true);
  for (const odd of [Number.NaN, Infinity, -Infinity]) expect(allFinite(Float32Array.of(0, odd, 1))).toBe(false);
  expect(allFinite(Float32Array.of(Infinity, -Infinity))).toBe(false);
});

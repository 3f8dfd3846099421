import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import type { StartingPoint } from '../../src/training/starting-point.ts';
import { train } from '../../src/training/train.ts';
import type { TrainingData } from '../../src/training/training-data.ts';
import { type WatchOptions, watchRecipe } from '../../src/training/watch-recipe.ts';
import { watch, watching } from '../../src/training/watching.ts';
import { loadModel, type StoredModel } from '../../src/world-model/model-store.ts';
import { tinyTabletop, tinyTwoRooms } from './tiny-recipes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-watch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const seed = 1;
const longer = (recipe: Recipe): Recipe =>
  recipe.data.kind === 'two-rooms-play' ? { ...recipe, data: { ...recipe.data, frames: 41 } } : recipe;

describe.each([
  ['two-rooms', tinyTwoRooms, ['frames']],
  ['tabletop-small', tinyTabletop, ['centroid', 'crop', 'presence']],
] as const)('%s', (name, tiny, seen) => {
  const recipe = longer(tiny());
  // Windows of the same frames, so that what is played once serves watching and acting.
  const watched = (options?: WatchOptions): Recipe => ({ ...watchRecipe(recipe, options), offsets: recipe.offsets });
  const modelAt = (label: string) => join(folder, `${name}-${label}`);
  let played: TrainingData;
  beforeAll(async () => {
    played = await prepareTrainingData(recipe, seed, {}, {});
  });

  const look = (label: string, steps: number) =>
    watch({ recipe: watched({ steps }), seed, out: modelAt(label), resume: false, data: played });

  test('nothing but frames is fed: no action, no label', async () => {
    const data = watching(played, watched());
    const never = () => {
      throw new Error('watching lets nobody play');
    };
    for (const source of [data.heldOut, await data.stageBatches(watched().stages[0]!, 0, never)]) {
      expect(Object.keys(source.inputs)).toEqual(seen);
      expect(Object.keys(source.batchAt(0))).toEqual(seen);
    }
  });

  test('trains the encoder, leaves all else as it began, and can be begun from: frozen, slowly or not', async () => {
    await look('first', 1);
    await look('watched', 5);
    const [first, last] = [await loadModel(modelAt('first')), await loadModel(modelAt('watched'))];
    const travelled = travel(first, last);
    expect(travelled.encoder).toBeGreaterThan(0);
    expect(travelled.rest).toBe(0);

    const short = { ...recipe, stages: [{ name: 'act', steps: 3, learningRate: 1e-3, warmupSteps: 0 }] };
    const act = async (encoderRate: number) => {
      const out = modelAt(`from-${encoderRate}`);
      await train({ recipe: short, seed, out, resume: false, data: played, from: { model: last, encoderRate } });
      return travel(last, await loadModel(out));
    };
    const [frozen, slow, full] = [await act(0), await act(0.1), await act(1)];
    expect(frozen.encoder).toBe(0);
    expect(slow.encoder).toBeGreaterThan(0);
    expect(slow.encoder).toBeLessThan(0.2 * full.encoder);
    for (const { rest } of [frozen, slow, full]) expect(rest).toBeGreaterThan(0);
  });
});

/** How far the parameters of two models are apart. */
function travel(from: StoredModel, to: StoredModel): Record<'encoder' | 'rest', number> {
  const sums = { encoder: 0, rest: 0 };
  for (const { name, offset, size } of from.layout.entries) {
    const part = name.startsWith('encoder.') ? 'encoder' : 'rest';
    for (let i = offset; i < offset + size; i++) sums[part] += Math.abs(from.parameters[i]! - to.parameters[i]!);
  }
  return sums;
}

test('watching interrupted and gone on with gives the same bytes', async () => {
  const recipe = watchRecipe(longer(tinyTwoRooms()), { steps: 6 });
  const run = (out: string, stopAt: number) =>
    watch({
      recipe: { ...recipe, checkpointEvery: 1 },
      seed: 1,
      out: join(folder, out),
      resume: true,
      events: {
        onStep: ({ step }) => {
          if (step > stopAt) throw new Error('stopped');
        },
      },
    });
  await run('whole', 6);
  await expect(run('broken', 3)).rejects.toThrow('stopped');
  await run('broken', 6);
  const weights = (out: string) => readFile(join(folder, out, 'model.safetensors'));
  expect(await weights('broken')).toEqual(await weights('whole'));
});

test('another encoder, and a checkpoint of another beginning, are refused', async () => {
  const recipe = longer(tinyTwoRooms());
  const model = await loadModel(join(folder, 'two-rooms-watched'));
  const from: StartingPoint = { model, encoderRate: 0 };
  const encoder = { ...recipe.model.encoder, latentSize: 6, staticSize: 2 } as Recipe['model']['encoder'];
  const other = { ...recipe, model: { ...recipe.model, encoder } };
  await expect(train({ recipe: other, seed: 1, out: join(folder, 'x'), resume: false, from })).rejects.toThrow(
    /has another encoder: 'encoder\.out\.weight' is \[64,6\] here and \[64,8\] there/,
  );

  const out = join(folder, 'begun');
  const onStep = ({ step }: { step: number }) => {
    if (step > 2) throw new Error('stopped');
  };
  await expect(train({ recipe, seed: 1, out, resume: false, from, events: { onStep } })).rejects.toThrow('stopped');
  await expect(train({ recipe, seed: 1, out, resume: true })).rejects.toThrow(/belongs to another run/);
});

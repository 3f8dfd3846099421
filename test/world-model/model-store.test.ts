import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { RunError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { loadModel, type StoredModel, saveModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';
import { damaged } from '../training/damage.ts';
import { tinyTwoRooms } from '../training/tiny-recipes.ts';

const { model: config } = recipeByName('tabletop-small');
const layout = layoutOf(worldModelSpecs(config));
const parameters = initialise(layout, createRng(0, 'test'));
const small = tinyTwoRooms().model;
const smallLayout = layoutOf(worldModelSpecs(small));
const smallParameters = initialise(smallLayout, createRng(0, 'small'));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-model-'));
  await saveModel(folder, config, parameters);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what is saved is loaded, to the bit', async () => {
  const stored = await loadModel(folder);
  expect(stored.config).toEqual(config);
  expect(stored.parameters).toEqual(parameters);
  expect(stored.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('a truncated weights file is refused and named', async () => {
  const path = join(folder, 'model.safetensors');
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 40));
  await expect(loadModel(folder)).rejects.toThrow(/model\.safetensors/);
});

test('a value that is not finite is refused', async () => {
  const broken = parameters.slice();
  broken[17] = Number.NaN;
  await saveModel(folder, config, broken);
  await expect(loadModel(folder)).rejects.toThrow(/not finite/);
});

test('weights of another architecture are refused by parameter name', async () => {
  const path = join(folder, 'config.json');
  const other = JSON.parse(await readFile(path, 'utf8'));
  other.predictor.width = 64;
  await writeFile(path, JSON.stringify(other));
  await expect(loadModel(folder)).rejects.toThrow(/'predictor\.in\.weight' has shape/);
});

test('an unknown key in config.json is an error that names it', async () => {
  const path = join(folder, 'config.json');
  const other = JSON.parse(await readFile(path, 'utf8'));
  other.encoder.dropout = 0.1;
  await writeFile(path, JSON.stringify(other));
  await expect(loadModel(folder)).rejects.toThrow(/encoder: .*dropout/);
});

test('a missing model says how to get one', async () => {
  await expect(loadModel(join(folder, 'nowhere'))).rejects.toThrow(/amitable train/);
});

describe('damage', () => {
  const files = ['model.safetensors', 'config.json'] as const;

  test.each(files)('%s cut, changed or lengthened: refused, or the model is the same', async (file) => {
    // A small model, so that few bytes are many of all.
    await saveModel(folder, small, smallParameters);
    const path = join(folder, file);
    const sound = await readFile(path);
    let refused = 0;
    const runs = 300;
    await fc.assert(
      fc.asyncProperty(damaged(sound), async (bytes) => {
        await writeFile(path, bytes);
        const loaded = await loadModel(folder).catch((error: unknown) => error);
        if (loaded instanceof Error) {
          expect(loaded).toBeInstanceOf(RunError);
          expect(loaded.message).toContain(folder);
          refused++;
        } else {
          const model = loaded as StoredModel;
          expect(model.parameters).toEqual(smallParameters);
          // The planner is not sealed.
          expect({ ...model.config, planner: small.planner }).toEqual(small);
        }
      }),
      { numRuns: runs },
    );
    expect(refused).toBeGreaterThan((file === 'config.json' ? 0.7 : 0.9) * runs);
  });

  test('weights and config of two models, alike in shape, are not taken together', async () => {
    await saveModel(folder, small, smallParameters);
    const weights = await readFile(join(folder, 'model.safetensors'));
    await saveModel(folder, { ...small, actionRepeat: small.actionRepeat + 1 }, smallParameters);
    await writeFile(join(folder, 'model.safetensors'), weights);
    await expect(loadModel(folder)).rejects.toThrow(/its SHA-256 does not fit/);
  });

  test('a planner edited by hand is taken; a changed value or number of the rest is not', async () => {
    await saveModel(folder, small, smallParameters);
    const path = join(folder, 'config.json');
    const text = await readFile(path, 'utf8');
    const edited = { ...JSON.parse(text), planner: { name: 'icem', options: { horizon: 3 } } };
    await writeFile(path, JSON.stringify(edited));
    expect((await loadModel(folder)).config.planner.name).toBe('icem');
    await writeFile(path, text.replace('"actionRepeat": 4', '"actionRepeat": 5'));
    await expect(loadModel(folder)).rejects.toThrow(/its SHA-256 does not fit/);
  });
});

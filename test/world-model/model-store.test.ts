import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { loadModel, saveModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';

const { model: config } = recipeByName('tabletop-small');
const layout = layoutOf(worldModelSpecs(config));
const parameters = initialise(layout, createRng(0, 'test'));
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

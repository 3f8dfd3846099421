import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../../src/core/rng.ts';
import { initialise, layoutOf } from '../../../src/engine/parameters.ts';
import { latentSize } from '../../../src/world-model/config.ts';
import { criticSpecs } from '../../../src/world-model/critic/critic.ts';
import { criticFile, saveCritic } from '../../../src/world-model/critic/critic-store.ts';
import { loadModel, saveModel } from '../../../src/world-model/model-store.ts';
import { encoders, modelWith, stirred } from '../sample-models.ts';

const config = modelWith({ encoder: encoders['strided-convolution'] });
const critic = initialise(layoutOf(criticSpecs(latentSize(config))), createRng(1, 'critic'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-critic-'));
  await saveModel(folder, config, stirred(config).parameters);
});
afterEach(() => rm(folder, { recursive: true }));

test('is kept beside its model, to the bit, and the model is the same with it', async () => {
  const before = await loadModel(folder);
  expect(before.critic).toBeUndefined();
  await saveCritic(folder, config, critic);
  const after = await loadModel(folder);
  expect(after.critic!.parameters).toEqual(critic);
  expect(after.hash).toBe(before.hash);
  expect(after.parameters).toEqual(before.parameters);
});

test("another model's is refused", async () => {
  await saveCritic(folder, config, critic);
  await saveModel(folder, config, stirred(config, 1).parameters);
  await expect(loadModel(folder)).rejects.toThrow(/critic.safetensors was trained on another model's latents/);
});

test('a damaged one is refused', async () => {
  await saveCritic(folder, config, critic);
  const path = join(folder, criticFile);
  const bytes = await readFile(path);
  bytes[bytes.length - 3]! ^= 1;
  await writeFile(path, bytes);
  await expect(loadModel(folder)).rejects.toThrow(/critic.safetensors was damaged or changed/);
});

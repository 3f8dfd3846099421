import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { RunError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { encodeSafetensors } from '../../src/engine/safetensors.ts';
import {
  type Checkpoint,
  checkpointPath,
  loadCheckpoint,
  removeCheckpoint,
  saveCheckpoint,
} from '../../src/training/checkpoint.ts';
import { damaged } from './damage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const rng = createRng(5, 'checkpoint');
const vector = () => Float32Array.from({ length: 24 }, () => rng.normal());
const checkpoint: Checkpoint = {
  stage: 1,
  stageStep: 30,
  stageStart: vector(),
  state: { step: 130, parameters: vector(), optimiser: { m: vector(), v: vector() }, teacher: vector() },
};

test('a checkpoint comes back as it was, with and without a teacher', async () => {
  expect(await loadCheckpoint(folder, 'run')).toBeNull();
  for (const teacher of [checkpoint.state.teacher, null]) {
    const kept = { ...checkpoint, state: { ...checkpoint.state, teacher } };
    await saveCheckpoint(folder, 'run', kept);
    expect(await loadCheckpoint(folder, 'run')).toEqual(kept);
  }
});

test('whatever is cut off, changed or added: refused, or nothing of it is different', async () => {
  await saveCheckpoint(folder, 'run', checkpoint);
  const path = checkpointPath(folder);
  let refused = 0;
  const runs = 400;
  await fc.assert(
    fc.asyncProperty(damaged(await readFile(path)), async (bytes) => {
      await writeFile(path, bytes);
      const loaded = await loadCheckpoint(folder, 'run').catch((error: unknown) => error);
      if (loaded instanceof Error) {
        expect(loaded).toBeInstanceOf(RunError);
        expect(loaded.message).toContain(path);
        refused++;
      } else expect(loaded).toEqual(checkpoint);
    }),
    { numRuns: runs },
  );
  // What passes are changes of the white space in the header.
  expect(refused).toBeGreaterThan(0.9 * runs);
});

test('a safetensors file that is no checkpoint is refused, and so is one whose parts are missing', async () => {
  const path = checkpointPath(folder);
  const values = Float32Array.of(1);
  const metadata = { fingerprint: 'run', stage: '0', stageStep: '1', step: '1' };
  await writeFile(path, encodeSafetensors({ a: { shape: [1], values } }, { format: 'pt' }));
  await expect(loadCheckpoint(folder, 'run')).rejects.toThrow(/metadata 'format', which no file of its kind has/);
  await writeFile(path, encodeSafetensors({ a: { shape: [1], values } }, metadata));
  await expect(loadCheckpoint(folder, 'run')).rejects.toThrow(/'stageStart' is missing/);
  await writeFile(path, encodeSafetensors({ stageStart: { shape: [1], values } }, { ...metadata, stageStep: '' }));
  await expect(loadCheckpoint(folder, 'run')).rejects.toThrow(/'stageStep' is no number/);
});

test('half-written files of killed processes are removed with the checkpoint, and nothing else is', async () => {
  await saveCheckpoint(folder, 'run', checkpoint);
  const left = ['checkpoint.safetensors.123.0a1b2c3d.tmp', 'model.safetensors.7.00000000.tmp'];
  const kept = ['model.safetensors', 'notes.tmp', 'checkpoint.safetensors.old'];
  for (const name of [...left, ...kept]) await writeFile(join(folder, name), 'x');
  await removeCheckpoint(folder);
  expect((await readdir(folder)).sort()).toEqual([...kept].sort());
});

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readEventLog } from '../../src/data/tensorboard/event-log.ts';
import { checkpointPath } from '../../src/training/checkpoint.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { tinyTwoRooms } from '../training/tiny-recipes.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-train-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('training leaves a model, its course for TensorBoard and as curves, and says so', async () => {
  const recipe = join(folder, 'tiny.json');
  const { checkpointEvery: _, ...tiny } = tinyTwoRooms();
  await writeFile(recipe, JSON.stringify({ ...tiny, checkpointEvery: 1000 }));
  const out = join(folder, 'model');
  const { code, stdout } = await callCommandLine([
    'train',
    '--config',
    recipe,
    '--out',
    out,
    '--threads',
    '1',
    // Threads want compiled sources.
    '--workers',
    '0',
    '--json',
  ]);
  expect(code).toBe(0);
  const { heldOut, log, curves } = JSON.parse(stdout);
  expect(log).toBe(join(out, 'log'));
  expect(curves).toEqual([join(log, 'curves.svg'), join(log, 'curves.png')]);
  expect((await readdir(log)).filter((name) => name.includes('tfevents'))).toHaveLength(1);

  const events = await readEventLog(log);
  const valuesOf = (tag: string) =>
    events.flatMap(({ step, scalars }) => (tag in scalars ? [[step, scalars[tag]]] : []));
  const steps = tiny.stages.reduce((sum, stage) => sum + stage.steps, 0);
  expect(valuesOf('training/loss').map(([step]) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  const rates = valuesOf('training/learning-rate').map(([, value]) => value!);
  expect(Math.max(...rates)).toBeCloseTo(1e-3, 6);
  // The last evaluation is the result.
  for (const [name, value] of Object.entries(heldOut))
    expect(valuesOf(`held-out/${name}`).at(-1)![1]).toBe(Math.fround(value as number));
});

test('watchers of films take none of the flags that train a model which acts', async () => {
  const call = (...flags: string[]) =>
    callCommandLine([
      'train',
      '--config',
      'side-view',
      '--out',
      join(folder, 'watcher'),
      '--json',
      '--quiet',
      ...flags,
    ]);
  const refused = await call('--objective', 'vicreg');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--objective');
  // Without them it begins: here by a checkpoint that is none.
  const checkpoint = checkpointPath(join(folder, 'watcher'));
  await mkdir(dirname(checkpoint), { recursive: true });
  await writeFile(checkpoint, 'nothing');
  const begun = await call('--resume');
  expect(begun.stderr).toContain(checkpoint);
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment, Frame } from '../../../src/core/contracts.ts';
import { frameBytes } from '../../../src/core/frame-bytes.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { openDataset } from '../../../src/data/dataset-reader.ts';
import { truthNumbers } from '../../../src/data/episode.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { pushAround } from '../../../src/env/tasks/push-around.ts';
import { pushToGoal } from '../../../src/env/tasks/push-to-goal.ts';
import { reach } from '../../../src/env/tasks/reach.ts';
import { twoRooms } from '../../../src/env/tasks/two-rooms.ts';
import { collectDataset } from '../../../src/eval/collect/collect-dataset.ts';
import { createEpisodeSource } from '../../../src/eval/collect/episode-source.ts';
import type { CollectingPolicy } from '../../../src/eval/collect/policies.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-collect-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function collect(
  name: string,
  task: TaskSpec,
  policy: CollectingPolicy,
  seeds: readonly number[],
  steps?: number,
) {
  const directory = join(folder, name);
  const source = createEpisodeSource({ task, policy, steps });
  await collectDataset({ source, seeds, task, policy, seed: 0, directory });
  return openDataset(directory);
}

/** Bytes are compared at once: Jest's own comparison takes a millisecond a frame. */
function sameBytes(a: Frame, b: Frame): boolean {
  return Buffer.from(frameBytes(a)).equals(frameBytes(b));
}

/** From each stored state, the stored action must lead to the next stored state, and show the next stored frame. */
async function expectPlaysAgain(environment: Environment, name: string) {
  const dataset = await openDataset(join(folder, name));
  for (let i = 0; i < dataset.episodes.length; i++) {
    const { steps, frames } = await dataset.episode(i);
    const pictures = await frames();
    for (const [t, { state, action, truth }] of steps.slice(0, -1).entries()) {
      environment.setState(state);
      expect(truthNumbers(environment.inspect().truth)).toEqual(truth);
      const { observation, info } = environment.step(action);
      expect(environment.getState()).toEqual(steps[t + 1]!.state);
      expect(sameBytes(observation.frame, pictures[t + 1]!)).toBe(true);
      expect(observation.proprioception).toEqual(steps[t + 1]!.proprioception);
      expect(info.success).toBe(steps[t]!.nextSuccess);
      expect(info.violations.length > 0).toBe(steps[t]!.nextViolation);
    }
  }
}

const collected = [
  [reach, 'random'],
  [pushToGoal, 'play'],
  [pushAround, 'play'],
  [twoRooms, 'random'],
  [twoRooms, 'expert'],
] as const;
test.each(collected.map(([task, policy]) => [task.id, policy, task] as const))(
  'what is stored of %s by %s plays again in the simulator',
  async (_, policy, task) => {
    const dataset = await collect('set', task, policy, [11, 12], 12);
    expect(dataset.episodes.map(({ length }) => length)).toEqual([12, 12]);
    await expectPlaysAgain(createEnvironment(task), 'set');
    const { steps } = await dataset.episode(0);
    const [x, y] = steps[5]!.truth;
    expect(steps[5]!.proprioception).toEqual(task.world === 'two-rooms' ? undefined : Float32Array.of(x!, y!, 0, 0));
  },
);

test('the same seed gives the same episode, whatever was collected before it', async () => {
  for (const [task, policy] of [
    [pushToGoal, 'play'],
    [twoRooms, 'play'],
    [reach, 'random'],
  ] as const) {
    const many = await collect(`${task.id}-many`, task, policy, [1, 2, 3], 10);
    const one = await collect(`${task.id}-one`, task, policy, [3], 10);
    const [a, b] = [await many.episode(2), await one.episode(0)];
    expect(a.steps).toEqual(b.steps);
    const frames = [await a.frames(), await b.frames()] as const;
    expect(frames[0].every((frame, t) => sameBytes(frame, frames[1][t]!))).toBe(true);
  }
});

test('two data sets of the same call are the same, byte for byte', async () => {
  for (const name of ['a', 'b']) await collect(name, pushToGoal, 'play', [5, 6], 8);
  const files = (await readdir(join(folder, 'a'), { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
  expect(files.length).toBe(7);
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    expect((await readFile(path)).equals(await readFile(path.replace(`${folder}/a`, `${folder}/b`)))).toBe(true);
  }
});

test('play of two-rooms ends at its target, and its frames show the dot where the truth says', async () => {
  const dataset = await collect('set', twoRooms, 'play', [21, 22, 23]);
  for (let i = 0; i < 3; i++) {
    const { steps, frames } = await dataset.episode(i);
    expect(steps).toHaveLength(90);
    expect(steps.at(-1)).toMatchObject({ nextDone: true, nextSuccess: true });
    expect(steps.at(-1)!.nextReward).toBeCloseTo(0, 6);
    const pictures = await frames();
    for (const t of [0, 45, 89]) {
      const [x, y] = steps[t]!.truth;
      // Centre of mass of the dot's channel, in field widths; its Gaussian is cut off at bytes of 0.
      let [mass, mx, my] = [0, 0, 0];
      for (let row = 0; row < 65; row++) {
        for (let column = 0; column < 65; column++) {
          const value = pictures[t]!.get(row, column, 0);
          mass += value;
          mx += value * column;
          my += value * row;
        }
      }
      expect(Math.hypot(mx / mass / 65 - x!, my / mass / 65 - y!)).toBeLessThan(0.005);
    }
  }
});

test('an expert of two-rooms succeeds', async () => {
  const dataset = await collect('set', twoRooms, 'expert', [31, 32]);
  expect(dataset.episodes.map(({ success }) => success)).toEqual([true, true]);
});

test('a policy that fails in the middle leaves nothing behind', async () => {
  const source = createEpisodeSource({ task: reach, policy: 'random' });
  const failing = (seed: number) => (seed === 2 ? Promise.reject(new Error('the lights went out')) : source(seed));
  await expect(
    collectDataset({
      source: failing,
      seeds: [1, 2],
      task: reach,
      policy: 'random',
      seed: 0,
      directory: join(folder, 'set'),
    }),
  ).rejects.toThrow('the lights went out');
  expect(await readdir(folder)).toEqual([]);
});

import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { readParquet } from 'parquet-wasm/node';
import { frameBytes } from '../../src/core/frame-bytes.ts';
import { openDataset } from '../../src/data/dataset-reader.ts';
import { createDatasetWriter, type DatasetWriterOptions } from '../../src/data/dataset-writer.ts';
import { describeDataset } from '../../src/data/describe-dataset.ts';
import type { Episode } from '../../src/data/episode.ts';
import { decodeFrame } from '../../src/data/frame-codec.ts';
import { pushToGoal } from '../../src/env/tasks/push-to-goal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sizes = { frameShape: [3, 4, 3], actionSize: 2, stateSize: 3, truthNames: ['pusher.x', 'pusher.y'] } as const;

function optionsFor(directory: string, more: Partial<DatasetWriterOptions> = {}): DatasetWriterOptions {
  return { directory, task: pushToGoal, policy: 'play', seed: 7, ...sizes, ...more };
}

/** An episode whose every number is different. */
function countingEpisode(seed: number, length: number): Episode {
  let next = seed * 1000;
  const count = () => next++;
  return {
    seed,
    steps: Array.from({ length }, (_, t) => ({
      action: Float32Array.of(count() / 8, -count()),
      state: Float64Array.of(count() / 3, -0, count() * 1e300),
      truth: Float32Array.of(count(), count()),
      nextReward: -count(),
      nextDone: t === length - 1,
      nextSuccess: t === length - 1 && seed % 2 === 0,
      nextViolation: t % 2 === 1,
    })),
    frames: Array.from({ length }, () =>
      ndarray(
        Uint8Array.from({ length: 36 }, () => count() % 256),
        [3, 4, 3],
      ),
    ),
  };
}

async function writeDataset(directory: string, episodes: readonly Episode[], more: Partial<DatasetWriterOptions> = {}) {
  const writer = await createDatasetWriter(optionsFor(directory, more));
  for (const episode of episodes) await writer.add(episode);
  await writer.finish();
}

async function expectSameEpisodes(directory: string, episodes: readonly Episode[]) {
  const dataset = await openDataset(directory);
  expect(dataset.episodes).toEqual(
    episodes.map(({ seed, steps }) => ({ seed, length: steps.length, success: steps.at(-1)!.nextSuccess })),
  );
  for (const [i, episode] of episodes.entries()) {
    const stored = await dataset.episode(i);
    expect(stored.seed).toBe(episode.seed);
    expect(stored.steps).toEqual(episode.steps);
    const frames = await stored.frames();
    expect(frames.map((frame) => [...frameBytes(frame)])).toEqual(
      episode.frames.map((frame) => [...frameBytes(frame)]),
    );
  }
}

test('what is written is read back, number by number and pixel by pixel', async () => {
  const float = fc.float({ noNaN: true });
  const step = fc.record({
    action: fc.float32Array({ minLength: 2, maxLength: 2, noNaN: true }),
    state: fc.float64Array({ minLength: 3, maxLength: 3, noNaN: true }),
    truth: fc.float32Array({ minLength: 2, maxLength: 2, noNaN: true }),
    nextReward: float,
    nextDone: fc.boolean(),
    nextSuccess: fc.boolean(),
    nextViolation: fc.boolean(),
  });
  const episode = fc.record({ seed: fc.nat(), steps: fc.array(step, { minLength: 1, maxLength: 5 }) }).map(
    ({ seed, steps }): Episode => ({
      seed,
      steps,
      frames: steps.map((_, i) =>
        ndarray(
          Uint8Array.from({ length: 36 }, (_, k) => (seed + i * k * 7) % 256),
          [3, 4, 3],
        ),
      ),
    }),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(episode, { minLength: 1, maxLength: 4 }), async (episodes) => {
      const directory = join(folder, `run-${run++}`);
      await writeDataset(directory, episodes);
      await expectSameEpisodes(directory, episodes);
    }),
    { numRuns: 15 },
  );
});

test('proprioception is kept where there is some, under the name that LeRobot has for it', async () => {
  const episode = countingEpisode(1, 3);
  const felt = { ...episode, steps: episode.steps.map((s, t) => ({ ...s, proprioception: Float32Array.of(t, 0.5) })) };
  const proprioceptionNames = ['pusher.x', 'pusher.vx'];
  await writeDataset(join(folder, 'felt'), [felt], { proprioceptionNames });
  await expectSameEpisodes(join(folder, 'felt'), [felt]);
  const { info } = await openDataset(join(folder, 'felt'));
  expect(info.features['observation.state']).toMatchObject({
    dtype: 'float32',
    shape: [2],
    names: proprioceptionNames,
  });

  await writeDataset(join(folder, 'blind'), [episode]);
  expect((await openDataset(join(folder, 'blind'))).info.features).not.toHaveProperty('observation.state');
  const without = writeDataset(join(folder, 'without'), [episode], { proprioceptionNames });
  await expect(without).rejects.toThrow('a proprioception has 0 numbers, not 2');
});

test('episodes are found again when they are spread over several files', async () => {
  const episodes = [3, 1, 5, 2].map((length, i) => countingEpisode(i, length));
  await writeDataset(join(folder, 'set'), episodes, { fileMegabytes: 0 });
  expect((await readdir(join(folder, 'set', 'data', 'chunk-000'))).sort()).toEqual(
    [0, 1, 2, 3].map((i) => `file-00${i}.parquet`),
  );
  await expectSameEpisodes(join(folder, 'set'), episodes);
});

test('a part of an episode can be decoded alone', async () => {
  const episode = countingEpisode(1, 6);
  await writeDataset(join(folder, 'set'), [countingEpisode(0, 4), episode]);
  const stored = await (await openDataset(join(folder, 'set'))).episode(1);
  const part = await stored.frames(2, 5);
  expect(part.map((frame) => [...frame.data])).toEqual(episode.frames.slice(2, 5).map((frame) => [...frame.data]));
  await expect(stored.frames(2, 7)).rejects.toThrow('episode 1 has steps 0 to 6; asked for [2, 7)');
});

test('an independent reader sees the columns and types that LeRobot expects', async () => {
  const episodes = [countingEpisode(0, 2), countingEpisode(1, 3)];
  await writeDataset(join(folder, 'set'), episodes);
  const data = await readTable(join(folder, 'set/data/chunk-000/file-000.parquet'));
  expect(data.numRows).toBe(5);
  expect(Object.fromEntries(data.schema.fields.map(({ name, type }) => [name, String(type)]))).toMatchObject({
    'observation.image': 'Struct<{bytes:Binary, path:Utf8}>',
    action: 'List<Float32>',
    'truth.poses': 'List<Float32>',
    'simulator.state': 'List<Float64>',
    'next.reward': 'Float32',
    'next.done': 'Bool',
    timestamp: 'Float32',
    frame_index: 'Int64',
    episode_index: 'Int64',
    index: 'Int64',
    task_index: 'Int64',
  });
  const rows = data.toArray().map((row) => row.toJSON());
  expect(rows.map((row) => [row.episode_index, row.frame_index, row.index].map(Number))).toEqual([
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 2],
    [1, 1, 3],
    [1, 2, 4],
  ]);
  const steps = episodes.flatMap((episode) => episode.steps);
  expect(rows.map((row) => [...row.action])).toEqual(steps.map(({ action }) => [...action]));
  expect(rows.map((row) => [...row['simulator.state']])).toEqual(steps.map(({ state }) => [...state]));
  const picture = await decodeFrame(rows[3]!['observation.image'].bytes, [3, 4, 3]);
  expect([...picture.data]).toEqual([...episodes[1]!.frames[1]!.data]);

  const table = await readTable(join(folder, 'set/meta/episodes/chunk-000/file-000.parquet'));
  const second = table.toArray()[1]!.toJSON();
  expect([...second.tasks]).toEqual([pushToGoal.description]);
  expect([second.length, second.dataset_from_index, second.dataset_to_index].map(Number)).toEqual([3, 2, 5]);

  const tasks = await readTable(join(folder, 'set/meta/tasks.parquet'));
  expect(tasks.toArray().map((row) => [Number(row.toJSON().task_index), row.toJSON().task])).toEqual([
    [0, pushToGoal.description],
  ]);
  // pandas takes its index, by which LeRobot looks tasks up, from here.
  expect(JSON.parse(tasks.schema.metadata.get('pandas')!).index_columns).toEqual(['task']);
});

test('statistics have the shapes that LeRobot checks', async () => {
  await writeDataset(join(folder, 'set'), [countingEpisode(0, 4)]);
  const stats = JSON.parse(await readFile(join(folder, 'set/meta/stats.json'), 'utf8'));
  expect(stats.action.count).toEqual([4]);
  expect(stats.action.mean).toHaveLength(2);
  expect(stats['next.done'].mean).toEqual([0.25]);
  expect(stats['observation.image'].max).toEqual([
    [[expect.any(Number)]],
    [[expect.any(Number)]],
    [[expect.any(Number)]],
  ]);
  expect(stats['observation.image'].count).toEqual([4 * 12]);
});

test('the folder has its name only when it is whole', async () => {
  const directory = join(folder, 'set');
  const writer = await createDatasetWriter(optionsFor(directory));
  await writer.add(countingEpisode(0, 2));
  expect((await readdir(folder)).filter((name) => !name.endsWith('.partial'))).toEqual([]);
  await writer.abandon();
  expect(await readdir(folder)).toEqual([]);
});

test('nothing that lies there is overwritten', async () => {
  await mkdir(join(folder, 'taken'));
  await writeFile(join(folder, 'taken', 'thesis.txt'), 'years of work');
  await expect(createDatasetWriter(optionsFor(join(folder, 'taken')))).rejects.toThrow(/exists and is not empty/);
  const writer = await createDatasetWriter(optionsFor(join(folder, 'late')));
  await writer.add(countingEpisode(0, 2));
  await mkdir(join(folder, 'late'));
  await writeFile(join(folder, 'late', 'thesis.txt'), 'years of work');
  await expect(writer.finish()).rejects.toThrow(/exists and is not empty/);
  expect(await readdir(join(folder, 'late'))).toEqual(['thesis.txt']);
});

test('an episode of other sizes is refused', async () => {
  const writer = await createDatasetWriter(optionsFor(join(folder, 'set'), { actionSize: 3 }));
  await expect(writer.add(countingEpisode(4, 2))).rejects.toThrow(
    'the episode of seed 4 does not fit the data set: an action has 2 numbers, not 3',
  );
  await expect(writer.finish()).rejects.toThrow('a data set needs at least one episode');
});

describe('a damaged folder is refused, naming the file', () => {
  const damages: Record<string, readonly [damage: (directory: string) => Promise<void>, message: RegExp]> = {
    'no folder': [(directory) => rm(directory, { recursive: true }), /is no data set of amitable: meta\/info.json/],
    'info is not JSON': [(directory) => writeFile(join(directory, 'meta/info.json'), '{'), /meta\/info.json: .*JSON/],
    'another version': [
      (directory) => edit(join(directory, 'meta/info.json'), (info) => ({ ...info, codebase_version: 'v2.1' })),
      /format v2.1; v3.0 is read here/,
    ],
    'of another origin': [
      (directory) => rm(join(directory, 'meta/amitable.json')),
      /meta\/amitable.json: there is no such/,
    ],
    'manifest without sizes': [
      (directory) => edit(join(directory, 'meta/amitable.json'), ({ actionSize: _, ...rest }) => rest),
      /not as expected at 'actionSize'/,
    ],
    'data cut off': [
      async (directory) => {
        const file = await open(join(directory, 'data/chunk-000/file-000.parquet'), 'r+');
        await file.truncate(300);
        await file.close();
      },
      /file-000.parquet' is missing or is not a whole Parquet file/,
    ],
    'data missing': [
      (directory) => rm(join(directory, 'data/chunk-000/file-000.parquet')),
      /file-000.parquet' is missing or is not a whole Parquet file/,
    ],
    'data of another set': [
      async (directory) => {
        await writeDataset(join(folder, 'other'), [countingEpisode(3, 9)]);
        await writeFile(
          join(directory, 'data/chunk-000/file-000.parquet'),
          await readFile(join(folder, 'other/data/chunk-000/file-000.parquet')),
        );
      },
      /has 9 rows instead of 5/,
    ],
    'a table in place of data': [
      async (directory) => {
        await writeFile(
          join(directory, 'data/chunk-000/file-000.parquet'),
          await readFile(join(directory, 'meta/tasks.parquet')),
        );
      },
      /lacks the columns observation.image, action/,
    ],
    'counts that disagree': [
      (directory) => edit(join(directory, 'meta/info.json'), (info) => ({ ...info, total_frames: 6 })),
      /tells of 6 frames, the episodes have 5/,
    ],
  };
  test.each(Object.keys(damages))('%s', async (name) => {
    const [damage, message] = damages[name]!;
    const directory = join(folder, 'set');
    await writeDataset(directory, [countingEpisode(0, 2), countingEpisode(1, 3)]);
    await damage(directory);
    await expect(openDataset(directory)).rejects.toThrow(message);
  });
});

test('a description tells what the folder holds', async () => {
  await writeDataset(join(folder, 'set'), [countingEpisode(0, 2), countingEpisode(1, 3)]);
  expect(await describeDataset(join(folder, 'set'))).toMatchObject({
    format: 'LeRobot v3.0',
    taskId: 'push-to-goal',
    policy: 'play',
    seed: 7,
    episodes: 2,
    steps: 5,
    shortestEpisode: 2,
    longestEpisode: 3,
    successes: 1,
    frameShape: [3, 4, 3],
    actionSize: 2,
  });
});

async function readTable(path: string) {
  return tableFromIPC(readParquet(await readFile(path)).intoIPCStream());
}

async function edit(path: string, change: (document: Record<string, unknown>) => unknown) {
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { taskById } from '../../src/env/registry.ts';
import { type BenchReport, withoutTimes } from '../../src/eval/bench-report.ts';
import type { EpisodeRecord } from '../../src/memory/episode-record.ts';
import { openEpisodeStore } from '../../src/memory/episode-store.ts';
import { saveModel } from '../../src/world-model/model-store.ts';
import { rememberedEpisode } from '../memory/remembered.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { repositoryRoot } from '../support/source-imports.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'amitable-memory-cli-'));
const [model, otherModel] = [join(folder, 'model'), join(folder, 'other-model')];

beforeAll(async () => {
  const { config, parameters } = untrainedTabletopModel();
  const planner = { name: 'cem', options: { horizon: 3, samples: 8, iterations: 2, elites: 3 } };
  await saveModel(model, { ...config, planner }, parameters);
  await saveModel(
    otherModel,
    { ...config, planner },
    parameters.map((value) => 1.01 * value),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with a memory of these episodes. */
async function memoryOf(name: string, records: readonly EpisodeRecord[]): Promise<string> {
  const directory = join(folder, name);
  const store = await openEpisodeStore(directory);
  for (const record of records) store.append(record);
  await store.close();
  return directory;
}

async function recordsIn(directory: string): Promise<EpisodeRecord[]> {
  const store = await openEpisodeStore(directory, { access: 'read' });
  const records = store.list().map(({ number }) => store.read(number));
  await store.close();
  return records;
}

const memory = (verb: string, ...more: readonly string[]) => callCommandLine(['memory', verb, ...more]);

async function json(...call: readonly string[]) {
  const { code, stdout, stderr } = await callCommandLine([...call, '--json', '--quiet']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('the verbs', () => {
  const failure = { success: false, finalDistance: 0.25, violationSteps: 2, violations: ['keep-out'] };
  let directory: string;

  beforeEach(async () => {
    rmSync(join(folder, 'verbs'), { recursive: true, force: true });
    directory = await memoryOf('verbs', [
      rememberedEpisode(1),
      rememberedEpisode(2, { outcome: failure }),
      rememberedEpisode(3, { encoder: 'beef0000beef0000' }),
    ]);
  });

  test('ls prints an episode a line, and all of it as JSON', async () => {
    const { code, stdout } = await memory('ls', '--memory', directory);
    expect(code).toBe(0);
    expect(
      stdout
        .split('\n')
        .slice(2)
        .map((line) => line.trim().split(/ +/).slice(0, -1)),
    ).toMatchObject([
      ['1', 'push-to-goal', '1', '6', 'solved', expect.any(String), '0', 'encoder-a'],
      ['2', 'push-to-goal', '2', '6', 'failed', '0.250', '2', 'encoder-a'],
      ['3', 'push-to-goal', '3', '6', 'solved', expect.any(String), '0', 'beef0000beef'],
      [],
    ]);
    expect(await json('memory', 'ls', '--memory', directory)).toMatchObject({
      memory: directory,
      episodes: 3,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      entries: [
        {
          number: 1,
          world: 'tabletop',
          task: 'push-to-goal',
          seed: 1,
          steps: 6,
          moments: 6,
          outcome: { success: true },
        },
        { number: 2, outcome: failure },
        { number: 3, encoder: 'beef0000beef0000' },
      ],
    });
    expect((await json('memory', 'ls', '--memory', directory, '--task', 'reach')).entries).toEqual([]);
  });

  test('show prints what is kept of one', async () => {
    const { stdout } = await memory('show', '2', '--memory', directory);
    expect(stdout).toMatch(/^episode 2: push-to-goal in tabletop, seed 2\n/);
    expect(stdout).toContain('outcome    failed, 0.250 left, broke keep-out (2 steps)\n');
    expect(stdout).toMatch(/seen at the start\n {2}pusher +\(0\.\d{3}, 0\.\d{3}\)\n {2}object +\(0/);
    expect(stdout).toContain('recalled   never: it failed\n');
    const { experience, ...rest } = rememberedEpisode(2, { outcome: failure });
    const shown = await json('memory', 'show', '2', '--memory', directory);
    const { instruction } = experience;
    expect(shown).toMatchObject({ number: 2, ...rest, instruction, notRecalled: 'it failed' });
    expect((await memory('show', '1', '--memory', directory)).stdout).toContain('recalled   where it is alike\n');
    expect(shown.actions.flat().map(Math.fround)).toEqual([...experience.actions]);
    expect(shown.moments).toHaveLength(6);
    expect(shown.moments[5].situation).toBeNull();
  });

  test.each<[string, readonly string[], readonly number[]]>([
    ['by number', ['--episodes', '1, 3,9'], [2]],
    ['by task', ['--task', 'push-to-goal'], []],
    ['by encoder', ['--encoder', 'beef'], [1, 2]],
    ['all', ['--all'], []],
    ['of nothing', ['--task', 'reach'], [1, 2, 3]],
  ])('forget, %s', async (_, choice, left) => {
    const { forgotten, episodes } = await json('memory', 'forget', '--memory', directory, ...choice);
    expect([forgotten, episodes]).toEqual([3 - left.length, left.length]);
    const { entries } = await json('memory', 'ls', '--memory', directory);
    expect(entries.map(({ number }: { number: number }) => number)).toEqual(left);
  });

  test('verify says that all is whole, or what is not and fails', async () => {
    const good = await memory('verify', '--memory', directory);
    expect(good).toEqual({ code: 0, stdout: `${directory}: 3 episodes, all whole\n`, stderr: '' });
    const file = join(directory, 'data.mdb');
    const bytes = readFileSync(file);
    const { actions } = rememberedEpisode(2).experience;
    const wanted = Buffer.from(actions.buffer, actions.byteOffset, 8);
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at)) bytes[at]! ^= 1;
    writeFileSync(file, bytes);
    const bad = await memory('verify', '--memory', directory, '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      problems: ['episode 2 is not what was written: its digest differs'],
    });
    expect(bad.stderr).toBe(`amitable: the memory in '${directory}' has 1 damaged entries; 'forget' drops them\n`);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no memory', ['ls', '--memory', 'DIR/none'], /no memory in '.*none'\. 'run' and 'bench' make one with --memory/],
    ['no folder', ['ls'], /memory/],
    ['no such episode', ['show', '7', '--memory', 'DIR'], /no episode 7 in '.*'; 'amitable memory ls' lists those/],
    ['no number', ['show', 'x', '--memory', 'DIR'], /a whole number of at least 1, got 'x'/],
    ['no choice', ['forget', '--memory', 'DIR'], /one of --episodes, --task, --encoder, --all/],
    ['two choices', ['forget', '--memory', 'DIR', '--all', '--task', 'reach'], /one of --episodes/],
    ['a list of words', ['forget', '--memory', 'DIR', '--episodes', '1,b'], /at least 1, got 'b'/],
  ])('a wrong call, %s, ends with 2, one line, and nothing changed', async (_, call, message) => {
    const args = call.map((arg) => arg.replace('DIR', directory));
    const { code, stdout, stderr } = await memory(args[0]!, ...args.slice(1));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect((await recordsIn(directory)).map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).not.toContain('none');
  });
});

describe('run --memory', () => {
  const task = join(folder, 'task.json');
  const play = (directory: string | null, played = model, ...more: readonly string[]) => [
    ...['run', '--task', task, '--model', played, '--episodes', '3', '--threads', '1', ...more],
    ...(directory === null ? [] : ['--memory', directory]),
  ];
  const report = async (...call: Parameters<typeof play>): Promise<BenchReport> =>
    withoutTimes(await json(...play(...call)));
  const reencode = (directory: string, by: string) =>
    json('memory', 'reencode', '--memory', directory, '--model', by, '--threads', '1');
  /** Copies, because every call remembers what it plays. */
  const copyOf = (directory: string, name: string) => {
    cpSync(directory, join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const lived = join(folder, 'lived');
  let first: BenchReport;
  let learnt: string;

  beforeAll(async () => {
    writeFileSync(task, JSON.stringify({ ...taskById('reach'), id: 'short-reach', budgetSteps: 8 }));
    first = await report(lived);
    const success = { success: true, finalDistance: 0, violationSteps: 0, violations: [] };
    // What nothing was taught seldom gets there; it is remembered as if it had.
    learnt = await memoryOf(
      'learnt',
      (await recordsIn(lived)).map((record) => ({ ...record, outcome: success })),
    );
  }, 60_000);

  test('keeps what was played, as seen and as the simulator judged it', async () => {
    const { episodes, environment } = first;
    expect(environment.memory).toMatchObject({ episodes: 0 });
    const records = await recordsIn(lived);
    expect(records.map(({ seed, outcome }) => [seed, outcome.success, outcome.finalDistance])).toEqual(
      episodes.map(({ seed, success, finalDistance }) => [seed, success, finalDistance]),
    );
    expect(records.map(({ experience }) => experience.moments.length)).toEqual(episodes.map(({ steps }) => steps));
    expect(records.map(({ experience }) => experience.instruction.taskId)).toEqual(new Array(3).fill('short-reach'));
  });

  test('recalls, alike in a new process and at any batch size, and says from what', async () => {
    const here = copyOf(learnt, 'here');
    const warm = await report(here);
    // A memory of nothing is none: the first call's episodes are those without.
    expect(warm.episodes).not.toEqual(first.episodes);
    const { episodes, hash } = await json('memory', 'ls', '--memory', learnt);
    expect(warm.environment.memory).toEqual({ episodes, hash });

    const single = copyOf(learnt, 'single');
    expect(await report(single, model, '--batch', '1')).toEqual(warm);
    const there = copyOf(learnt, 'there');
    const call = [join(repositoryRoot, 'dist/src/cli/main.js'), ...play(there), '--json', '--quiet'];
    const { stdout } = await promisify(execFile)(process.execPath, call, { env: {}, cwd: repositoryRoot });
    expect(withoutTimes(JSON.parse(stdout))).toEqual(warm);
    const after = await json('memory', 'ls', '--memory', here);
    expect(after.episodes).toBeGreaterThan(episodes);
    for (const directory of [single, there])
      expect((await json('memory', 'ls', '--memory', directory)).hash).toBe(after.hash);
  }, 60_000);

  test('another model refuses it, and can once it has looked at it again', async () => {
    const directory = copyOf(learnt, 'foreign');
    const refused = await callCommandLine(play(directory, otherModel));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/3 episodes that another model perceived .*'amitable memory reencode'/);

    const before = await recordsIn(directory);
    expect(await reencode(directory, otherModel)).toMatchObject({ reencoded: 3, episodes: 3 });
    expect(await reencode(directory, otherModel)).toMatchObject({ reencoded: 0 });
    const { hash } = await json('inspect', otherModel);
    for (const [i, { encoder, experience, ...rest }] of (await recordsIn(directory)).entries()) {
      const { encoder: _, experience: old, ...same } = before[i]!;
      expect([encoder, rest]).toEqual([hash, same]);
      expect([experience.actions, experience.instruction]).toEqual([old.actions, old.instruction]);
      expect(experience.moments.map(({ frame }) => frame)).toEqual(old.moments.map(({ frame }) => frame));
    }
    expect((await callCommandLine(play(copyOf(directory, 'seen-anew'), otherModel))).code).toBe(0);

    // Back again, it is what the first model saw, to the bit.
    await reencode(directory, model);
    expect(await recordsIn(directory)).toEqual(before);
    expect((await memory('verify', '--memory', directory)).code).toBe(0);
  }, 60_000);
});

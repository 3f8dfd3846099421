import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataset } from '../../src/data/dataset-reader.ts';
import { callCommandLine } from '../support/call-command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-cli-collect-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('collect writes a data set and says what it holds', async () => {
  const out = join(folder, 'reach-play');
  const call = ['collect', '--task', 'reach', '--episodes', '3', '--steps', '5', '--seed', '4', '--out', out];
  const { code, stdout, stderr } = await callCommandLine([...call, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    directory: out,
    taskId: 'reach',
    policy: 'play',
    seed: 4,
    episodes: 3,
    steps: 15,
  });
  expect((await openDataset(out)).episodes.map(({ length }) => length)).toEqual([5, 5, 5]);

  const inspected = await callCommandLine(['inspect', out]);
  expect([inspected.code, inspected.stderr]).toEqual([0, '']);
  expect(inspected.stdout).toMatch(/data set of task 'reach', LeRobot v3\.0/);
  expect(inspected.stdout).toMatch(/3, of 5 to 5 steps/);

  const again = await callCommandLine(call);
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/exists and is not empty/);
});

test.each([
  [['collect', '--task', 'reach'], /--out/],
  [['collect', '--task', 'reach', '--out', 'x', '--policy', 'plai'], /Did you mean 'play'/],
  [['collect', '--task', 'raech', '--out', 'x'], /Did you mean 'reach'/],
  [['collect', '--task', 'reach', '--out', 'x', '--episodes', '0'], /--episodes must be a whole number of at least 1/],
])('a wrong call %j exits with 2', async (args, message) => {
  const { code, stdout, stderr } = await callCommandLine(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

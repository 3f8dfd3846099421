import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCommandLine } from '../support/call-command-line.ts';
import { runExample, taskExamples } from '../support/examples.ts';
import { repositoryRoot } from '../support/source-imports.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-examples-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** docs/scripting-tasks.md has the figures of 50 episodes. */
test.each(taskExamples)('the shipped agent solves %s mostly', async (name) => {
  const task = join(repositoryRoot, 'examples', name);
  const { stdout } = await callCommandLine(['run', '--task', task, '--episodes', '20', '--json', '--quiet']);
  const [{ successes, violationEpisodes }] = JSON.parse(stdout).results;
  expect(successes).toBeGreaterThanOrEqual(14);
  expect(violationEpisodes).toBeLessThanOrEqual(2);
});

test('plan.ts, the example of the README, plays and draws', async () => {
  const lines = (await runExample('plan', folder)).trim().split('\n');
  expect(lines.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
    expect.stringMatching(/^agent [45] of 5$/),
    expect.stringMatching(/^random \d of 5$/),
  ]);
  expect((await readdir(join(folder, 'runs/plan'))).sort()).toEqual(['agent.webp', 'random.webp']);
});

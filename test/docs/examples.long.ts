import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callCommandLine } from '../support/call-command-line.ts';
import { repositoryRoot } from '../support/source-imports.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-examples-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs a compiled example in a process and a folder of its own. */
async function run(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(repositoryRoot, `dist/examples/${name}.js`)], {
    cwd: folder,
  });
  return stdout;
}

/** docs/scripting-tasks.md has the figures of 50 episodes. */
test.each([
  'tidy-corner.ts',
  'sort-by-colour.yaml',
  'clear-around-vase.yaml',
  'follow-way-points.yaml',
  'past-the-hand.yaml',
  'warm-the-pot.yaml',
])('the shipped agent solves %s mostly', async (name) => {
  const task = join(repositoryRoot, 'examples', name);
  const { stdout } = await callCommandLine(['run', '--task', task, '--episodes', '20', '--json', '--quiet']);
  const [{ successes, violationEpisodes }] = JSON.parse(stdout).results;
  expect(successes).toBeGreaterThanOrEqual(14);
  expect(violationEpisodes).toBeLessThanOrEqual(2);
});

test('plan.ts, the example of the README, plays and draws', async () => {
  const lines = (await run('plan')).trim().split('\n');
  expect(lines.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
    expect.stringMatching(/^agent [45] of 5$/),
    expect.stringMatching(/^random \d of 5$/),
  ]);
  expect((await readdir(join(folder, 'runs/plan'))).sort()).toEqual(['agent.webp', 'random.webp']);
});

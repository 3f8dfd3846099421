import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCommandLine } from '../support/call-command-line.ts';
import { runExample, type TaskExample } from '../support/examples.ts';
import { repositoryRoot } from '../support/source-imports.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-examples-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What docs/scripting-tasks.md teaches, on the model as it is shipped: in TypeScript, with fragile things, and with hands. */
test.each(['tidy-corner.ts', 'clear-around-vase.yaml', 'past-the-hand.yaml'] satisfies TaskExample[])(
  'the shipped agent plays %s, and breaks no guardrail',
  async (name) => {
    const task = join(repositoryRoot, 'examples', name);
    const call = ['run', '--task', task, '--episodes', '1', '--seed', '4', '--json', '--quiet'];
    const { code, stdout, stderr } = await callCommandLine(call);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).results).toMatchObject([{ policy: 'agent', episodes: 1, violationEpisodes: 0 }]);
  },
);

test('step.ts finds the contract kept', async () => {
  const [first, second, problems] = (await runExample('step', folder)).trim().split('\n');
  expect(first).toMatch(/^\[ 64, 64, 3 \] \{ goal: \[/);
  expect(second).toMatch(/^-0\.\d+ false false \[/);
  expect(problems).toBe('[]');
});

test('compile.ts computes the same both ways', async () => {
  expect(await runExample('compile', folder)).toMatch(/^true \d+ bytes of ONNX\n$/);
});

test('read-dataset.ts reads what `collect` wrote', async () => {
  const collect = ['collect', '--task', 'reach', '--episodes', '2', '--out', join(folder, 'runs/play')];
  expect((await callCommandLine(collect)).code).toBe(0);
  const lines = (await runExample('read-dataset', folder)).trim().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^\d+ \d+ (true|false) .*\[ 64, 64, 3 \]$/);
});

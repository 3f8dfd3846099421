import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchReport, withoutTimes } from '../../src/eval/bench-report.ts';
import { parseReplay } from '../../src/eval/replay/replay-file.ts';
import { saveModel } from '../../src/world-model/model-store.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

let folder: string;
let model: string;
let hash: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-run-'));
  model = join(folder, 'model');
  const { config, parameters } = untrainedTabletopModel();
  const planner = { name: 'cem', options: { horizon: 3, samples: 8, iterations: 2, elites: 3 } };
  await saveModel(model, { ...config, planner }, parameters);
  const { stdout } = await callCommandLine(['inspect', model, '--json']);
  hash = JSON.parse(stdout).hash;
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const run = (...more: readonly string[]) =>
  callCommandLine(['run', '--task', 'reach', '--model', model, '--episodes', '3', '--threads', '1', ...more]);

const report = async (...more: readonly string[]): Promise<BenchReport> => {
  const { code, stdout, stderr } = await run('--json', '--quiet', ...more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

describe('run', () => {
  it('plays an agent beside another policy, and names the replays and results it wrote', async () => {
    const out = join(folder, 'out');
    const { code, stdout } = await run('--beside', 'random', '--out', out, '--replays', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^task +policy .*\n-.*\nreach +agent +cem +\d\/3 .*\nreach +random +- +\d\/3 /);
    const replays = ['reach-agent-000', 'reach-agent-001'].map((name) => join(out, name));
    const results = join(out, 'results.json');
    const files = [...replays.flatMap((name) => [`${name}.webp`, `${name}.json`]), results];
    expect(stdout.trimEnd().split('\n').slice(-5)).toEqual(files);
    for (const name of replays) {
      const bytes = await readFile(`${name}.webp`);
      expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP']);
      const { task, policy, steps } = parseReplay(await readFile(`${name}.json`, 'utf8'), name);
      expect([task.id, policy, steps.length]).toEqual(['reach', 'agent', task.budgetSteps]);
      expect(steps.every(({ imagined }) => imagined !== null)).toBe(true);
    }
    const inspected = await callCommandLine(['inspect', results]);
    expect(stdout).toContain(inspected.stdout.trimEnd());
  });

  it('says what played: planner, model, hash, evaluations and times', async () => {
    const { results, environment } = await report('--seed', '5');
    expect(results).toMatchObject([{ policy: 'agent', planner: 'cem', model, evaluationsPerPlan: 16 }]);
    expect(results[0]!.planMillisecondsMedian).toBeGreaterThan(0);
    expect(results[0]!.planMillisecondsP95).toBeGreaterThanOrEqual(results[0]!.planMillisecondsMedian!);
    expect(environment).toMatchObject({ seed: 5, guardrails: 'on', models: { [model]: hash } });
  });

  it('gives the same JSON but for times at any batch size', async () => {
    const reference = withoutTimes(await report('--batch', '16'));
    expect(withoutTimes(await report('--batch', '1'))).toEqual(reference);
    expect(withoutTimes(await report('--batch', '2'))).toEqual(reference);
  });

  it('searches as told', async () => {
    const { results } = await report('--planner', 'random-shooting', '--episodes', '1');
    expect(results).toMatchObject([{ planner: 'random-shooting' }]);
  });

  it('says it aloud when guardrails are off', async () => {
    const { stdout } = await run('--guardrails', 'off', '--episodes', '1');
    expect(stdout).toContain('Guardrails were OFF');
    expect((await report('--guardrails', 'off', '--episodes', '1')).environment.guardrails).toBe('off');
  });

  it('refuses a model of another world in one line', async () => {
    const args = ['run', '--task', 'two-rooms', '--model', model, '--episodes', '1'];
    expect(await callCommandLine(args)).toEqual({
      code: 1,
      stdout: '',
      stderr: `amitable: the model in '${model}' is of the world 'tabletop', the task is of 'two-rooms'\n`,
    });
  });
});

test('bench lets several planners play the same episodes at equal evaluations, and who does not search once', async () => {
  const call = [
    'bench',
    '--tasks',
    'reach',
    '--model',
    model,
    '--episodes',
    '2',
    '--threads',
    '1',
    '--json',
    '--quiet',
  ];
  const { code, stdout } = await callCommandLine([...call, '--planner', 'cem,gradient,random-shooting']);
  expect(code).toBe(0);
  const { results, episodes, comparisons }: BenchReport = JSON.parse(stdout);
  expect(results).toMatchObject([
    { policy: 'agent', planner: 'cem', evaluationsPerPlan: 16 },
    { policy: 'random', planner: null, evaluationsPerPlan: null },
    { policy: 'agent', planner: 'gradient' },
    { policy: 'agent', planner: 'random-shooting', evaluationsPerPlan: 16 },
  ]);
  expect(results[2]!.evaluationsPerPlan).toBeGreaterThan(11);
  expect(results[2]!.evaluationsPerPlan).toBeLessThanOrEqual(16);
  const seedsOf = (planner: string | null) =>
    episodes.filter((episode) => episode.planner === planner).map(({ seed }) => seed);
  for (const planner of [null, 'gradient', 'random-shooting']) expect(seedsOf(planner)).toEqual(seedsOf('cem'));
  expect(comparisons.map(({ against, againstPlanner }) => [against, againstPlanner])).toEqual([
    ['random', null],
    ['agent', 'gradient'],
    ['agent', 'random-shooting'],
  ]);

  const more = await callCommandLine([...call, '--policies', 'agent', '--evaluations', '30']);
  expect(JSON.parse(more.stdout).results).toMatchObject([{ planner: 'cem', evaluationsPerPlan: 30 }]);
});

test('inspect describes a model folder', async () => {
  const { stdout } = await callCommandLine(['inspect', model]);
  expect(stdout).toMatch(/^tabletop model, [\d,]+ parameters in \d+ tensors\nencoder +colour-slots/);
  expect(stdout).toContain(`sha256     ${hash}`);
});

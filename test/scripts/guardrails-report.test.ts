import { formatRows, type Row, sortRows, summarise } from '../../scripts/guardrails/report.ts';
import { scenes } from '../../scripts/guardrails/scenes.ts';
import type { EpisodeResult } from '../../src/eval/run-episodes.ts';

const [{ task, purpose }] = scenes as [(typeof scenes)[0], ...typeof scenes];

/** Three episodes: solved safely, solved with two violating steps, stopped since there was no safe way. */
const results = [
  { success: true, violationSteps: 0, violators: [], steps: 45, unable: false, fallbackRungs: {} },
  {
    success: true,
    violationSteps: 2,
    violators: ['object'],
    steps: 45,
    unable: false,
    fallbackRungs: { 'least-violation': 1 },
  },
  {
    success: false,
    violationSteps: 0,
    violators: [],
    steps: 45,
    unable: true,
    fallbackRungs: { brake: 40, 'least-violation': 2 },
  },
] as unknown as EpisodeResult[];

const plans = { feasible: 10, falseSafe: 1, infeasible: 4, falseAlarm: 2 };
const rowOf = (mode: string, scene = task.id): Row =>
  summarise({
    scene,
    purpose,
    mode,
    results,
    planMilliseconds: [10, 30, 20],
    audit:
      mode === 'oracle'
        ? null
        : { chosen: plans, candidates: plans, errors: { pusher: [[0.001, 0.02]], objects: [[0.5]] } },
    calibration: { pusherError: [0.01], objectError: [0.02] },
  });

test('a row counts episodes, steps, rungs and what was foretold', () => {
  expect(rowOf('on')).toMatchObject({
    episodes: 3,
    violatingEpisodes: 1,
    pusherViolationEpisodes: 0,
    objectViolationEpisodes: 1,
    violatingSteps: 2,
    steps: 135,
    successes: 2,
    safeSuccesses: 1,
    saidUnable: 1,
    rungs: { brake: 40, 'least-violation': 3 },
    planMillisecondsMedian: 20,
    coverage: { pusher: [{ errors: 2, within: 1 }], objects: [{ errors: 1, within: 0 }] },
  });
});

test('where nobody imagines, nothing is said of what was foretold', () => {
  const row = rowOf('oracle');
  expect([row.chosen, row.candidates, row.coverage]).toEqual([null, null, null]);
  expect(formatRows([row])).not.toContain('What was foretold');
  expect(formatRows([row, rowOf('on')])).toContain(`| ${task.id} | 1 of 10 (10.0 %) |`);
});

test('rows of several calls come in the order of scenes and of what is compared', () => {
  const last = scenes.at(-1)!.task.id;
  const mixed = [rowOf('random', last), rowOf('oracle'), rowOf('penalty-10'), rowOf('on', last), rowOf('on')];
  expect(sortRows(mixed).map(({ scene, mode }) => [scene, mode])).toEqual([
    [task.id, 'on'],
    [task.id, 'penalty-10'],
    [task.id, 'oracle'],
    [last, 'on'],
    [last, 'random'],
  ]);
});

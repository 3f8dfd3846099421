import type { Arm, Scene } from '../../scripts/memory/attempt-scenes.ts';
import { forged, poisoned, shuffled } from '../../scripts/memory/false-memories.ts';
import { formatRows, rowsOf } from '../../scripts/memory/table.ts';
import { createBoxSpace } from '../../src/core/space.ts';
import { coherence } from '../../src/memory/coherence.ts';
import { rememberedEpisode } from '../memory/remembered.ts';

const failure = { success: false, finalDistance: 1, violationSteps: 1, violations: ['keep-out'] };
const records = [rememberedEpisode(1), rememberedEpisode(2, { outcome: failure }), rememberedEpisode(3)];
const space = createBoxSpace({ low: [-1, -1], high: [1, 1] });

test('false memories pass for successes; what was seen stays as it was, and forged ones alone hang together', () => {
  for (const [make, count] of [
    [() => shuffled(records), 2],
    [() => poisoned(records, space, 0), 3],
    [() => forged(records), 3],
  ] as const) {
    const made = make();
    expect(made).toHaveLength(count);
    for (const record of made) {
      const source = records.find(({ seed }) => seed === record.seed)!;
      expect(record.outcome).toMatchObject({ success: true, violationSteps: 0 });
      expect(record.experience.moments).toEqual(source.experience.moments);
      expect(record.experience.actions).toHaveLength(12);
    }
  }
  expect(shuffled(records).map(({ experience }) => experience.actions)).toEqual(
    [3, 1].map((seed) => rememberedEpisode(seed).experience.actions),
  );
  expect(poisoned(records, space, 0)).toEqual(poisoned(records, space, 0));
  for (const record of poisoned(records, space, 0)) expect(coherence(record.experience)).toBeLessThan(0.9);
  for (const record of forged(records)) expect(coherence(record.experience)).toBeGreaterThan(0.99);
});

const scene = (evaluations: number, solved: boolean, solvedAtOnce: boolean, firstDistance: number): Scene => ({
  ...{ evaluations, solved, solvedAtOnce, firstDistance },
});

test('a table: shares, what is less than cold, and evaluations to success as a share of cold', () => {
  const cold: Arm = { scenes: [scene(100, true, true, 0.01), scene(300, true, false, 0.2)], recalled: 0 };
  const warm: Arm = { scenes: [scene(100, true, true, 0.02), scene(100, true, true, 0.03)], recalled: 0.5 };
  const once = (arm: Arm): Arm => ({ ...arm, scenes: arm.scenes.map((each) => ({ ...each, evaluations: 100 })) });
  const arms = new Map([
    ['cold', cold],
    ['warm', warm],
    ['empty', once(cold)],
    ['restarted', once(warm)],
    ['forged', { ...once(cold), scenes: [cold.scenes[0]!, scene(100, false, false, 0.3)] }],
  ]);
  const rows = rowsOf(arms, 0);
  expect(rows).toMatchObject([
    { name: 'cold', solvedAtOnce: 0.5, evaluations: 200, ratio: 1, like: null },
    { name: 'warm', solvedAtOnce: 1, evaluations: 100, ratio: 0.5, recalled: 0.5, like: null },
    { name: 'empty', solvedAtOnce: 0.5, evaluations: null, ratio: null, like: 'cold', less95: [0, 0] },
    { name: 'restarted', solvedAtOnce: 1, like: 'warm' },
    { name: 'forged', solvedAtOnce: 0.5, like: null },
  ]);
  const [low, high] = rows[1]!.ratio95!;
  expect(low).toBeCloseTo(1 / 3);
  expect(high).toBe(1);
  const lines = formatRows(rows).split('\n');
  expect(lines).toHaveLength(7);
  expect(lines[3]).toBe('| warm | 100.0 [34.2, 100.0] | 50.0 [0.0, 100.0] | 100 | 0.50 [0.33, 1.00] | 50.0 |  |');
  expect(lines[4]).toBe('| empty | 50.0 [9.5, 90.5] | 0.0 [0.0, 0.0] |  |  | 0.0 | as cold |');
});

import fc from 'fast-check';
import { planFromActions } from '../../src/agent/recalled-plan.ts';
import { createBoxSpace } from '../../src/core/space.ts';

const box = createBoxSpace({ low: [-1, -1], high: [1, 1] });
const plan = (actions: readonly number[], horizon: number, actionRepeat: number, bounds = box) => [
  ...planFromActions(Float32Array.from(actions), { horizon, actionRepeat, bounds }),
];

test('actions of single steps stay as they are, and nothing is done after their end', () => {
  expect(plan([0.5, 0, 0.25, -1], 3, 1)).toEqual([0.5, 0, 0.25, -1, 0, 0]);
  expect(plan([0.5, 0, 0.25, -1], 1, 1)).toEqual([0.5, 0]);
  expect(plan([], 2, 1)).toEqual([0, 0, 0, 0]);
});

test('held actions are means over what they are held for, the last one with the rest it lacks', () => {
  expect(plan([1, 0, 0, 1, 0.5, 0.5], 3, 2)).toEqual([0.5, 0.5, 0.25, 0.25, 0, 0]);
});

test('what was turned out of the bounds is shortened and keeps its direction', () => {
  expect(plan([2, 1, -4, 0.5], 2, 1)).toEqual([1, 0.5, -1, 0.125]);
  expect(plan([0.75, 1], 1, 1, createBoxSpace({ low: [-1, -1], high: [1, 1], maxNorm: 0.625 }))).toEqual([0.375, 0.5]);
});

test('every recalled plan is permitted, and an action that was is left alone', () => {
  const number = fc.float({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 6 }), fc.boolean(), (actions, round) => {
      const bounds = createBoxSpace({ low: [-1, -0.5], high: [0.75, 1], ...(round ? { maxNorm: 0.8 } : {}) });
      const result = plan(actions.flat(), 4, 1, bounds);
      for (let t = 0; t < 4; t++) {
        const action = result.slice(2 * t, 2 * t + 2);
        expect(bounds.contains(action)).toBe(true);
        const before = actions[t] ?? [0, 0];
        // Adding 0 makes -0 a 0.
        if (bounds.contains(before)) expect(action.map((x) => x + 0)).toEqual(before.map((x) => x + 0));
        expect(Math.abs(action[0]! * before[1]! - action[1]! * before[0]!)).toBeLessThan(1e-5);
      }
    }),
  );
});

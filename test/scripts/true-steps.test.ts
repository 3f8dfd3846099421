import fc from 'fast-check';
import { correlation, drawPair, sameRoom, trueSteps } from '../../scripts/critic/true-steps.ts';
import { createRng } from '../../src/core/rng.ts';

const layout = { wallX: 30, doorY: 20 };
/** Pixels a predictor step of four control steps at full speed. */
const reach = 4 * 2.45;

test('within a room the shortest way is straight, through the door it is bent by its edge', () => {
  expect(trueSteps({ layout, from: [10, 10], to: [13, 14] }, 4)).toBeCloseTo(5 / reach, 12);
  // Straight through the door's middle.
  expect(trueSteps({ layout, from: [10, 20], to: [50, 20] }, 4)).toBeCloseTo(40 / reach, 12);
  // Both at y = 54, the door's lower edge at 24: 2 x hypot(20, 30).
  expect(trueSteps({ layout, from: [10, 54], to: [50, 54] }, 4)).toBeCloseTo((2 * Math.hypot(20, 30)) / reach, 12);
});

test('no way is shorter than the straight one, and none depends on its direction', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const pair = drawPair(createRng(seed, 'test'));
      const { from, to } = pair;
      const steps = trueSteps(pair, 4);
      expect(steps * reach).toBeGreaterThanOrEqual(Math.hypot(to[0] - from[0], to[1] - from[1]) - 1e-9);
      expect(trueSteps({ ...pair, from: to, to: from }, 4)).toBeCloseTo(steps, 9);
      expect(sameRoom(pair)).toBe(from[0] < pair.layout.wallX === to[0] < pair.layout.wallX);
    }),
  );
});

test('correlation', () => {
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [3, 1, -1])).toBeCloseTo(-1, 12);
  // Even about the middle of the other.
  expect(correlation([0, 1, 2], [1, 0, 1])).toBeCloseTo(0, 12);
});

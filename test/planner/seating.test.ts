import fc from 'fast-check';
import { seat } from '../../src/planner/seating.ts';

const plan = (value: number) => Float32Array.of(value);
const brake = plan(0);
const plans = (from: number, count: number) => Array.from({ length: count }, (_, i) => plan(from + i));

test.each([
  // samples, warm, recalled, suggestions -> first, last, draws
  [12, true, 2, 3, [0, 1, 20, 21], [10, 11], 7],
  [12, true, 9, 3, [0, 1], [10, 11, 12, 13], 7],
  [12, true, 0, 9, [0, 1, 20, 21, 22, 23], [], 6],
  [12, true, 1, 9, [0, 1, 20, 21, 22], [10], 6],
  [6, true, 1, 1, [0, 1], [10], 3],
  [4, true, 3, 2, [0, 1], [10], 2],
  [3, false, 1, 0, [0], [10], 2],
  [2, true, 1, 1, [0], [], 1],
  [1, true, 1, 1, [], [], 1],
] as const)('of %d candidates', (samples, warm, recalled, suggestions, first, last, draws) => {
  const given = {
    warmStart: warm ? plan(1) : null,
    recalled: plans(10, recalled),
    suggestions: plans(20, suggestions),
  };
  const seating = seat(samples, brake, given);
  expect({ ...seating, first: seating.first.map(([x]) => x), last: seating.last.map(([x]) => x) }).toEqual({
    first,
    last,
    draws,
  });
});

test('at least one is drawn, at most half and one are given, and what memory takes it takes from suggestions first', () => {
  const count = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), count, count, (samples, warm, recalled, suggestions) => {
      const given = { warmStart: warm ? plan(1) : null, suggestions: plans(200, suggestions) };
      const cold = seat(samples, brake, { ...given, recalled: [] });
      const { first, last, draws } = seat(samples, brake, { ...given, recalled: plans(100, recalled) });
      expect(first.length + last.length).toBeLessThanOrEqual(Math.max(samples / 2, 1 + Number(warm) + 1));
      expect(first.length + last.length).toBeLessThan(Math.max(samples, 1 + last.length));
      expect(draws).toBe(cold.draws);
      expect(cold.first.slice(0, first.length)).toEqual(first);
      const drawn = samples - first.length - last.length;
      expect(drawn).toBeGreaterThanOrEqual(1);
      if (first.length + last.length > Math.floor(samples / 2)) expect(last.length).toBe(1);
    }),
  );
});

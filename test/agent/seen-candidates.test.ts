import fc from 'fast-check';
import { createSeen } from '../../src/agent/seen-candidates.ts';

test('finds what came of a candidate, of this owner and no other, the latest first', () => {
  const seen = createSeen(2);
  const [one, other] = [{}, {}];
  // Two owners, two candidates each, three numbers of what came of each.
  seen.note(
    [one, other],
    Float32Array.of(1, 2, 3, 4, 5, 6, 1, 2),
    Float32Array.from({ length: 12 }, (_, i) => i),
  );
  expect(seen.find(one, Float32Array.of(3, 4))).toEqual(Float32Array.of(3, 4, 5));
  expect(seen.find(other, Float32Array.of(1, 2))).toEqual(Float32Array.of(9, 10, 11));
  expect(seen.find(other, Float32Array.of(3, 4))).toBeNull();
  expect(seen.find({}, Float32Array.of(1, 2))).toBeNull();
  seen.note([one], Float32Array.of(1, 2), Float32Array.of(7, 7, 7));
  expect(seen.find(one, Float32Array.of(1, 2))).toEqual(Float32Array.of(7, 7, 7));
  expect(seen.find(one, Float32Array.of(3, 4))).toEqual(Float32Array.of(3, 4, 5));
});

test('keeps what it was given, whatever becomes of the arrays', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 8 }), (numbers) => {
      const seen = createSeen(1);
      const owner = {};
      const [candidates, positions] = [Float32Array.from(numbers), Float32Array.from(numbers, (x) => 2 * x)];
      seen.note([owner], candidates, positions);
      candidates.fill(Number.NaN);
      positions.fill(Number.NaN);
      for (const x of numbers) expect(seen.find(owner, Float32Array.of(x))![0] === Math.fround(2 * x)).toBe(true);
    }),
  );
});

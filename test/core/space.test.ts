import fc from 'fast-check';
import { UsageError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { createBoxSpace } from '../../src/core/space.ts';

const coordinate = fc.double({ min: -10, max: 10, noNaN: true });

/** Boxes around the origin, with or without a norm limit: the shape of every action space. */
const space = fc
  .record({
    bounds: fc.array(
      fc.tuple(fc.double({ min: 0.01, max: 5, noNaN: true }), fc.double({ min: 0.01, max: 5, noNaN: true })),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    maxNorm: fc.option(fc.double({ min: 0.05, max: 5, noNaN: true }), { nil: Number.POSITIVE_INFINITY }),
  })
  .map(({ bounds, maxNorm }) =>
    createBoxSpace({ low: bounds.map(([low]) => -low), high: bounds.map(([, high]) => high), maxNorm }),
  );

const spaceAndValue = space.chain((box) =>
  fc.tuple(fc.constant(box), fc.array(coordinate, { minLength: box.size, maxLength: box.size })),
);

const norm = (value: ArrayLike<number>): number => Math.hypot(...Array.from(value));

test('samples are members', () => {
  fc.assert(
    fc.property(
      space.filter((box) => box.maxNorm >= 1),
      fc.nat(),
      (box, seed) => {
        const rng = createRng(seed);
        for (let i = 0; i < 10; i++) expect(box.contains(box.sample(rng))).toBe(true);
      },
    ),
    { seed: 1 },
  );
});

test('samples fill the ball within the box evenly', () => {
  const box = createBoxSpace({ low: [-1, -1], high: [1, 1], maxNorm: 1 });
  const rng = createRng(0);
  const samples = Array.from({ length: 10_000 }, () => box.sample(rng));
  // Half of the disc's area lies within radius sqrt(1/2).
  expect(Math.abs(samples.filter((x) => norm(x) < Math.SQRT1_2).length / 10_000 - 0.5)).toBeLessThan(0.02);
});

test('a clipped value is a member, and clipping it again changes nothing', () => {
  fc.assert(
    fc.property(spaceAndValue, ([box, value]) => {
      const clipped = box.clip(value);
      expect(box.contains(clipped)).toBe(true);
      expect(box.clip(clipped)).toEqual(clipped);
    }),
    { seed: 2, numRuns: 1000 },
  );
});

test('members are left as they are', () => {
  fc.assert(
    fc.property(spaceAndValue, ([box, value]) => {
      const single = Float32Array.from(value);
      if (norm(single) <= box.maxNorm && single.every((x, i) => x >= box.low[i]! && x <= box.high[i]!))
        expect(box.clip(single)).toEqual(single);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test('in a box without a norm limit, clipping gives the nearest member', () => {
  fc.assert(
    fc.property(spaceAndValue, fc.nat(), ([{ low, high }, value], seed) => {
      const box = createBoxSpace({ low: [...low], high: [...high] });
      const distance = (member: Float32Array) => norm(member.map((x, i) => x - value[i]!));
      const nearest = distance(box.clip(value));
      const rng = createRng(seed);
      for (let i = 0; i < 20; i++) expect(distance(box.sample(rng))).toBeGreaterThanOrEqual(nearest * (1 - 1e-6));
    }),
    { seed: 4 },
  );
});

test('the norm limit keeps the direction', () => {
  const box = createBoxSpace({ low: [-8, -8], high: [8, 8], maxNorm: 1 });
  const [x, y] = box.clip([3, 4]);
  expect(x).toBeCloseTo(0.6, 6);
  expect(y).toBeCloseTo(0.8, 6);
});

test('bounds belong to the box; what is beyond, NaN and other sizes do not', () => {
  const box = createBoxSpace({ low: [-1, 0], high: [1, 2] });
  expect(box.contains([1, 2])).toBe(true);
  expect(box.contains([-1, 0])).toBe(true);
  expect(box.contains([1.001, 0])).toBe(false);
  expect(box.contains([0, -0.001])).toBe(false);
  expect(box.contains([Number.NaN, 0])).toBe(false);
  expect(box.contains([0])).toBe(false);
  expect(box.contains([0, 0, 0])).toBe(false);
});

test('wrong sizes are errors that say what came', () => {
  expect(() => createBoxSpace({ low: [0, 0], high: [1] })).toThrow(UsageError);
  expect(() => createBoxSpace({ low: [0, 0], high: [1] })).toThrow('2 and 1');
  expect(() => createBoxSpace({ low: [0, 0], high: [1, 1] }).clip([0])).toThrow('2 numbers, got 1');
});

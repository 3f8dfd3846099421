import fc from 'fast-check';
import { createBoxSpace } from '../../src/core/space.ts';
import {
  actionScale,
  type Candidate,
  clipActions,
  createOrdering,
  rank,
  refit,
  selectElites,
  tierOf,
} from '../../src/planner/population.ts';
import { box } from './problems.ts';

const score = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -800, max: 800 }).map((eighths) => eighths / 8) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const violation = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 640 }).map((parts) => parts / 64) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);
const candidate: fc.Arbitrary<Candidate> = fc.record({
  actions: fc.constant(new Float32Array(1)),
  cost: score,
  violation,
});
const population = fc.array(candidate, { minLength: 1, maxLength: 12 });

const of = (cost: number, violated = 0, ...actions: number[]): Candidate => ({
  actions: Float32Array.from(actions),
  cost,
  violation: violated,
});

describe('the order of candidates', () => {
  test('is a total order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(population, candidate, candidate, candidate, (first, a, b, c) => {
        const { compare } = createOrdering(first, 0.1);
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('puts feasible before infeasible before unknown, the feasible by cost', () => {
    fc.assert(
      fc.property(population, fc.double({ min: 0, max: 10, noNaN: true }), (candidates, taskShare) => {
        const ranking = rank(candidates, createOrdering(candidates, taskShare));
        for (let i = 1; i < ranking.length; i++) {
          const [before, after] = [ranking[i - 1]!, ranking[i]!];
          expect(tierOf(before)).toBeLessThanOrEqual(tierOf(after));
          if (tierOf(before) === 0 && tierOf(after) === 0) expect(before.cost).toBeLessThanOrEqual(after.cost);
        }
      }),
    );
  });

  test('does not depend on the scale of cost or violation', () => {
    fc.assert(
      fc.property(population, fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 }), (candidates, i, j) => {
        // Powers of two scale exactly.
        const scaled = candidates.map((c) => ({ ...c, cost: c.cost * 2 ** i, violation: c.violation * 2 ** j }));
        const order = (list: readonly Candidate[]) => {
          const ranking = rank(list, createOrdering(list, 0.1));
          return ranking.map((c) => list.indexOf(c));
        };
        expect(order(scaled)).toEqual(order(candidates));
      }),
    );
  });

  test('lets the task choose among ways out that violate about the same', () => {
    const [straight, round, stay] = [of(5, 1.0), of(1, 1.02), of(3, 2)];
    expect(rank([straight, round, stay], createOrdering([straight, round, stay], 0.1))).toEqual([
      round,
      straight,
      stay,
    ]);
    expect(rank([straight, round, stay], createOrdering([straight, round, stay], 0))).toEqual([straight, round, stay]);
  });

  test('leaves equals where they are', () => {
    const equals = [of(1), of(1), of(1)];
    const ranking = rank(equals, createOrdering(equals, 0.1));
    for (const [i, entry] of ranking.entries()) expect(entry).toBe(equals[i]);
  });
});

test('elites are feasible as long as there are enough feasible candidates, and never of unknown worth', () => {
  fc.assert(
    fc.property(population, fc.integer({ min: 1, max: 6 }), (candidates, count) => {
      const elites = selectElites(rank(candidates, createOrdering(candidates, 0.1)), count);
      const feasible = candidates.filter((c) => tierOf(c) === 0).length;
      expect(elites.filter((c) => tierOf(c) === 0)).toHaveLength(Math.min(count, feasible));
      expect(elites.every((c) => tierOf(c) < 2)).toBe(true);
    }),
  );
});

test('clipping is that of BoxSpace for every action, and changes nothing the second time', () => {
  const coordinate = fc.float({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(coordinate, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(0.5, 1, Infinity),
      (values, maxNorm) => {
        const space = createBoxSpace({ low: [-1, -2], high: [1, 0.5], maxNorm });
        const actions = Float32Array.from(values);
        clipActions(actions, space);
        const expected = [0, 1, 2].flatMap((t) => [...space.clip(values.slice(2 * t, 2 * t + 2))]);
        for (const [i, x] of expected.entries()) expect(Math.abs(actions[i]! - x)).toBeLessThan(1e-6);
        const again = actions.slice();
        clipActions(again, space);
        for (const [i, x] of again.entries()) expect(Math.abs(actions[i]! - x)).toBeLessThan(1e-6);
      },
    ),
  );
});

test('the unit of std is half the range, the norm limit where that is less, 1 where there is no limit', () => {
  expect([...actionScale({ low: [0, -4], high: [1, 4], maxNorm: Infinity, size: 2 })]).toEqual([0.5, 4]);
  expect([...actionScale(box(2, 4, 3))]).toEqual([3, 3]);
  expect([...actionScale(box(1, Infinity))]).toEqual([1]);
});

describe('refitting', () => {
  const old = { mean: Float64Array.of(10, 10), std: Float64Array.of(1, 1) };
  const elites = [of(0, 0, 1, 0), of(0, 0, 3, 0)];
  const floor = Float64Array.of(0.25, 0.5);

  test('takes the weighted mean and std, the floor where that is more', () => {
    // numpy.average([1, 3], weights=[.25, .75]) = 2.5; sqrt(numpy.average([2.25, .25], weights=[.25, .75])) = 0.866025...
    const { mean, std } = refit(old, elites, [0.25, 0.75], { momentum: 0, stdFloor: floor });
    expect([...mean]).toEqual([2.5, 0]);
    expect(std[0]).toBeCloseTo(Math.sqrt(0.75), 12);
    expect(std[1]).toBe(0.5);
  });

  test('keeps a share of the old by momentum', () => {
    const { mean, std } = refit(old, elites, [0.5, 0.5], { momentum: 0.25, stdFloor: floor });
    expect([...mean]).toEqual([0.25 * 10 + 0.75 * 2, 2.5]);
    expect([...std]).toEqual([1, 0.5]);
  });

  test('changes nothing without elites', () => {
    expect(refit(old, [], [], { momentum: 0, stdFloor: floor })).toEqual(old);
  });
});

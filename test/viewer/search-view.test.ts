import type { HeardIteration } from '../../viewer/worker/listen-in.ts';
import { fanSize, selectFan, summarise } from '../../viewer/worker/search-view.ts';
import { surpriseOf } from '../../viewer/worker/surprise.ts';

/** Candidate i of an iteration is [i, i], its cost and violation as given. */
function iteration(cost: readonly number[], violation: readonly number[]): HeardIteration {
  return {
    candidates: Float32Array.from(cost.flatMap((_, i) => [i, i])),
    samples: cost.length,
    scores: { cost: Float32Array.from(cost), violation: Float32Array.from(violation) },
  };
}

test('the best of the last iteration are drawn as elites: safe ones first, then by cost', () => {
  const last = iteration([3, 1, Number.NaN, 2, 0], [0, 0, 0, 0, 0.5]);
  const { candidates, elite, safe } = selectFan([iteration([1, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]), last]);
  expect([candidates.length, elite.length]).toEqual([2 * fanSize, fanSize]);
  const elites = [...elite.keys()].filter((i) => elite[i] === 1);
  expect(elites.map((i) => candidates[2 * i]).slice(0, 5)).toEqual([1, 3, 0, 2, 4]);
  expect(elites.map((i) => safe[i]).slice(0, 5)).toEqual([1, 1, 1, 1, 0]);
  const others = [...elite.keys()].filter((i) => elite[i] === 0);
  // Six of eleven candidates are of the first iteration: so is about that share of what is drawn.
  expect(others.filter((i) => safe[i] === 0).length / others.length).toBeCloseTo(4 / 11, 1);
});

test('costs are summed up over what is safe, where anything is', () => {
  expect(summarise([iteration([5, 1, 2, 9], [0, 1, 0, 0]), iteration([4, 2], [1, 2])])).toEqual([
    { best: 2, median: 5, worst: 9, safe: 0.75 },
    { best: 2, median: 4, worst: 4, safe: 0 },
  ]);
});

test('surprise is the root mean square of the entity that surprises most', () => {
  // sqrt((3^2 + 4^2) / 2)
  expect(surpriseOf(Float32Array.of(0, 0, 1, 1), Float32Array.of(3, 4, 1, 1), 2)).toBeCloseTo(Math.sqrt(12.5), 6);
  expect(surpriseOf(Float32Array.of(1, 2), Float32Array.of(1, 2), 1)).toBe(0);
});

import type { Situation } from '../../src/core/memory-contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { alignPoints, centred } from '../../src/memory/align.ts';
import { createSituationIndex, type SituationIndexOptions } from '../../src/memory/situation-index.ts';
import { situationOf } from './remembered.ts';

const everywhere = { keyScale: 0.03, farthest: Number.POSITIVE_INFINITY } as const;
const kinds = ['push', 'push', 'sort'];

/** The distance as it is written down, with no flat array and no scan. */
function distanceBetween(past: Situation, now: Situation, { symmetry, keyScale }: SituationIndexOptions): number {
  const square = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
  const residual =
    symmetry === 'rigid'
      ? alignPoints(centred(past.points), centred(now.points)).residual
      : square(past.points, now.points);
  const points = residual / (now.points.length / 2);
  return Math.sqrt(points + keyScale ** 2 * (square(past.key, now.key) / now.key.length));
}

describe.each(['rigid', 'none'] as const)('with symmetry %s', (symmetry) => {
  const options = { ...everywhere, symmetry };
  const index = createSituationIndex(options);
  const stored = Array.from({ length: 40 }, (_, episode) => {
    const rng = createRng(episode, 'index');
    return Array.from({ length: 5 }, (_, step) => ({
      episode,
      step,
      situation: situationOf(rng, kinds[episode % kinds.length]),
    }));
  }).flat();
  for (const { situation, episode, step } of stored) index.add(situation, episode, step);

  test('finds what looking at every moment finds: the nearest of each episode, nearest first, of its kind only', () => {
    for (let seed = 0; seed < 20; seed++) {
      const now = situationOf(createRng(seed, 'now'), kinds[seed % kinds.length]);
      const best = new Map<number, { episode: number; step: number; distance: number }>();
      for (const { situation, episode, step } of stored) {
        if (situation.kind !== now.kind) continue;
        const distance = distanceBetween(situation, now, options);
        if (distance < (best.get(episode)?.distance ?? Number.POSITIVE_INFINITY)) {
          best.set(episode, { episode, step, distance });
        }
      }
      const expected = [...best.values()].sort((a, b) => a.distance - b.distance).slice(0, 4);
      const found = index.nearest(now, 4);
      expect(found.map(({ episode, step }) => ({ episode, step }))).toEqual(
        expected.map(({ episode, step }) => ({ episode, step })),
      );
      for (const [i, { distance }] of found.entries()) expect(distance).toBeCloseTo(expected[i]!.distance, 5);
    }
  });

  test('finds a remembered moment itself, at no distance and unturned', () => {
    const { situation, episode, step } = stored[17]!;
    const [found] = index.nearest(situation, 1);
    expect(found).toMatchObject({ episode, step });
    expect(found!.distance).toBeLessThan(1e-4);
    expect(found!.map.map((x) => Math.round(1e4 * x) / 1e4 + 0)).toEqual([1, 0, 0, 1]);
  });
});

test('what is too far away is not alike', () => {
  const index = createSituationIndex({ symmetry: 'none', keyScale: 0.03, farthest: 0.1 });
  const at = (x: number): Situation => ({
    kind: 'reach',
    points: Float32Array.of(x, 0, 0, 0),
    key: new Float32Array(0),
  });
  index.add(at(0), 1, 0);
  expect(index.nearest(at(0.14), 3)).toHaveLength(1);
  expect(index.nearest(at(0.15), 3)).toEqual([]);
});

test('situations of one kind with other numbers of points or features are never compared', () => {
  const index = createSituationIndex({ symmetry: 'rigid', ...everywhere });
  const of = (points: number, key: number): Situation => ({
    kind: 'push',
    points: new Float32Array(2 * points),
    key: new Float32Array(key),
  });
  index.add(of(3, 4), 1, 0);
  expect(index.nearest(of(3, 4), 1)).toHaveLength(1);
  expect(index.nearest(of(4, 2), 1)).toEqual([]);
  expect(index.nearest(of(3, 5), 1)).toEqual([]);
});

test('a situation that is not a number is like nothing', () => {
  const index = createSituationIndex({ symmetry: 'rigid', ...everywhere });
  const situation = situationOf(createRng(1));
  index.add(situation, 1, 0);
  expect(index.nearest({ ...situation, points: situation.points.fill(Number.NaN) }, 1)).toEqual([]);
});

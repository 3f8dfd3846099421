import fc from 'fast-check';
import type { Point, Region } from '../../src/core/task.ts';
import { encodeRegion, innerRadius, signedDistance, signedDistanceAt } from '../../src/cost/region.ts';
import { runEager } from '../../src/engine/run-eager.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const point = fc.tuple(unit, unit);
const span = fc.tuple(unit, unit).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b) + 0.01]);
const region: fc.Arbitrary<Region> = fc.oneof(
  fc.record({ centre: point, radius: fc.double({ min: 0.01, max: 0.5, noNaN: true }) }),
  fc.record({ x: span, y: span }),
);

/** By definition: the distance to the nearest point of the border, negative inside. */
function byBorder([px, py]: Point, area: Region): number {
  if ('radius' in area) return Math.hypot(px - area.centre[0], py - area.centre[1]) - area.radius;
  const [[left, right], [top, bottom]] = [area.x, area.y];
  const [dx, dy] = [Math.max(left - px, 0, px - right), Math.max(top - py, 0, py - bottom)];
  if (dx > 0 || dy > 0) return Math.hypot(dx, dy);
  return -Math.min(px - left, right - px, py - top, bottom - py);
}

test('the signed distance of discs and rectangles is that to their border', () => {
  fc.assert(
    fc.property(point, region, (at, area) => {
      expect(signedDistanceAt(at, area)).toBeCloseTo(byBorder(at, area), 9);
    }),
  );
});

test('a region is as deep as its inner radius', () => {
  fc.assert(
    fc.property(region, (area) => {
      const centre: Point = 'radius' in area ? area.centre : [(area.x[0] + area.x[1]) / 2, (area.y[0] + area.y[1]) / 2];
      expect(signedDistanceAt(centre, area)).toBeCloseTo(-innerRadius(area), 9);
    }),
  );
});

test('tensors give the same distances as numbers, each episode its own regions', async () => {
  const batches = fc.sample(
    fc.tuple(fc.array(point, { minLength: 12, maxLength: 12 }), fc.array(region, { minLength: 6, maxLength: 6 })),
    {
      seed: 3,
      numRuns: 8,
    },
  );
  for (const [points, regions] of batches) {
    const { distance } = await runEager(
      {
        name: 'distance',
        inputs: { points: { shape: [2, 6, 2] }, regions: { shape: [2, 3, 5] } },
        run: (given) => ({ distance: signedDistance(given.points!, given.regions!) }),
      },
      {
        points: Float32Array.from(points.flat()),
        regions: Float32Array.from(regions.flatMap((area) => [...encodeRegion(area)])),
      },
    );
    for (let b = 0; b < 2; b++)
      for (let p = 0; p < 6; p++)
        for (let z = 0; z < 3; z++) {
          const expected = signedDistanceAt(points[6 * b + p]!, regions[3 * b + z]!);
          expect(Math.abs(distance![(6 * b + p) * 3 + z]! - expected)).toBeLessThan(1e-6);
        }
  }
});

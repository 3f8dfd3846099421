import fc from 'fast-check';
import type { Region } from '../../src/core/task.ts';
import { distanceToRegion, type Outline, overlapsRegion, pointOutline } from '../../src/env/regions.ts';

const disc: Region = { centre: [0.5, 0.4], radius: 0.1 };
const rectangle: Region = { x: [0.3, 0.5], y: [0.6, 0.7] };
/** A T of two boxes, off-centre. */
const outline: Outline = {
  parts: [
    [-0.12, -0.06, 0.12, -0.06, 0.12, 0, -0.12, 0],
    [-0.03, 0, 0.03, 0, 0.03, 0.12, -0.03, 0.12],
  ],
  radius: null,
};

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const angles = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const regions: fc.Arbitrary<Region> = fc.oneof(
  fc.record({ centre: fc.tuple(unit, unit), radius: fc.double({ min: 0.03, max: 0.3, noNaN: true }) }),
  fc
    .tuple(unit, unit, fc.double({ min: 0.06, max: 0.4, noNaN: true }), fc.double({ min: 0.06, max: 0.4, noNaN: true }))
    .map(([x, y, w, h]): Region => ({ x: [x, x + w], y: [y, y + h] })),
);

/** The same region, smaller by `inset` all around. */
function shrink(region: Region, inset: number): Region {
  if ('radius' in region) return { centre: region.centre, radius: region.radius - inset };
  return { x: [region.x[0] + inset, region.x[1] - inset], y: [region.y[0] + inset, region.y[1] - inset] };
}

/** Whether any of a grid of points, 0.005 apart, over the placed parts is strictly inside the region. */
function sampledOverlap(region: Region, x: number, y: number, angle: number): boolean {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return outline.parts.some((part) => {
    const [left, top, right, bottom] = [part[0]!, part[1]!, part[4]!, part[5]!];
    for (let px = left; px <= right + 1e-9; px += 0.005) {
      for (let py = top; py <= bottom + 1e-9; py += 0.005) {
        const at = [x + px * cos - py * sin, y + px * sin + py * cos] as const;
        if (overlapsRegion(region, pointOutline, ...at, 0)) return true;
      }
    }
    return false;
  });
}

describe('the distance to a region', () => {
  it('is 0 inside and on the border, and straight outside', () => {
    expect(distanceToRegion(disc, [0.55, 0.4])).toBe(0);
    expect(distanceToRegion(disc, [0.8, 0.8])).toBeCloseTo(0.5 - 0.1, 12);
    expect(distanceToRegion(rectangle, [0.5, 0.65])).toBe(0);
    expect(distanceToRegion(rectangle, [0.1, 0.65])).toBeCloseTo(0.2, 12);
    expect(distanceToRegion(rectangle, [0.53, 0.74])).toBeCloseTo(0.05, 12);
  });
});

describe('a body and a region', () => {
  it('overlap for a point where it is inside, not on the border', () => {
    expect(overlapsRegion(disc, pointOutline, 0.5, 0.45, 0)).toBe(true);
    expect(overlapsRegion({ centre: [0.5, 0.5], radius: 0.25 }, pointOutline, 0.75, 0.5, 0)).toBe(false);
    expect(overlapsRegion(rectangle, pointOutline, 0.4, 0.65, 0)).toBe(true);
    expect(overlapsRegion(rectangle, pointOutline, 0.3, 0.65, 0)).toBe(false);
  });

  it('overlap for a circle where its centre is nearer than its radius', () => {
    const circle: Outline = { parts: [], radius: 0.05 };
    expect(overlapsRegion(disc, circle, 0.5, 0.549, 0)).toBe(true);
    expect(overlapsRegion(disc, circle, 0.5, 0.551, 0)).toBe(false);
    // At the corner of a rectangle it is the straight distance that counts.
    expect(overlapsRegion(rectangle, circle, 0.5 + 0.034, 0.7 + 0.034, 0)).toBe(true);
    expect(overlapsRegion(rectangle, circle, 0.5 + 0.036, 0.7 + 0.036, 0)).toBe(false);
  });

  it('overlap for polygons exactly where sampled points do', () => {
    let overlapping = 0;
    fc.assert(
      fc.property(regions, unit, unit, angles, (region, x, y, angle) => {
        if (!overlapsRegion(region, outline, x, y, angle)) {
          expect(sampledOverlap(region, x, y, angle)).toBe(false);
        } else if (overlapsRegion(shrink(region, 0.01), outline, x, y, angle)) {
          // Deeper than the grid is wide: it must see it too.
          expect(sampledOverlap(region, x, y, angle)).toBe(true);
          overlapping++;
        }
      }),
      { numRuns: 300 },
    );
    expect(overlapping).toBeGreaterThan(20);
  });
});

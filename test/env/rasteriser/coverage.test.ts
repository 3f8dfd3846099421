import fc from 'fast-check';
import { createCoverageBuffer } from '../../../src/env/rasteriser/coverage.ts';

const width = 12;
const height = 9;

/** Coverage of the whole picture, [height, width]. */
function cover(...polygons: readonly (readonly number[])[]): Float64Array {
  const buffer = createCoverageBuffer(width, height);
  for (const polygon of polygons) buffer.add(polygon);
  const picture = new Float64Array(width * height);
  buffer.flush((row, first, last, coverage) => {
    for (let column = first; column <= last; column++) picture[row * width + column] = coverage[column]!;
  });
  return picture;
}

/** Share of n x n sample points of each pixel inside the polygon (even-odd rule). */
function supersample(polygon: readonly number[], n: number): Float64Array {
  const inside = (x: number, y: number): boolean => {
    let odd = false;
    for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [polygon[i]!, polygon[i + 1]!, polygon[j]!, polygon[j + 1]!];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
    return odd;
  };
  return Float64Array.from({ length: width * height }, (_, p) => {
    let hits = 0;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        if (inside((p % width) + (b + 0.5) / n, Math.floor(p / width) + (a + 0.5) / n)) hits++;
      }
    }
    return hits / (n * n);
  });
}

function area(polygon: readonly number[]): number {
  let twice = 0;
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    twice += polygon[j]! * polygon[i + 1]! - polygon[i]! * polygon[j + 1]!;
  }
  return Math.abs(twice) / 2;
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** Convex: points on an ellipse at sorted angles. */
const convexPolygon = (reach: number) =>
  fc
    .record({
      x: fc.double({ min: -reach, max: width + reach, noNaN: true }),
      y: fc.double({ min: -reach, max: height + reach, noNaN: true }),
      rx: fc.double({ min: 0.05, max: 6, noNaN: true }),
      ry: fc.double({ min: 0.05, max: 6, noNaN: true }),
      angles: fc.array(fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), { minLength: 3, maxLength: 9 }),
      reversed: fc.boolean(),
    })
    .map(({ x, y, rx, ry, angles, reversed }) => {
      const sorted = angles.sort((a, b) => (reversed ? b - a : a - b));
      return sorted.flatMap((t) => [x + rx * Math.cos(t), y + ry * Math.sin(t)]);
    });

describe('coverage of a polygon', () => {
  it('is the clipped area of each pixel, for axis-aligned boxes', () => {
    const [x0, x1, y0, y1] = [-1.5, 3.25, 2.125, 20];
    const picture = cover([x0, y0, x1, y0, x1, y1, x0, y1]);
    const overlap = (low: number, high: number, i: number): number =>
      Math.max(0, Math.min(high, i + 1) - Math.max(low, i));
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        expect(picture[row * width + column]).toBeCloseTo(overlap(x0, x1, column) * overlap(y0, y1, row), 12);
      }
    }
  });

  it('is exact for a triangle whose areas are known by hand', () => {
    // Below the line y = x / 2 in the first two columns: 1/4 and 3/4 of the first row.
    const picture = cover([0, 0, 2, 1, 2, 0]);
    expect([picture[0], picture[1], picture[2], picture[width]]).toEqual([0.25, 0.75, 0, 0]);
  });

  it('agrees with 32 x 32 samples a pixel, wherever the polygon lies', () => {
    fc.assert(
      fc.property(convexPolygon(4), (polygon) => {
        const exact = cover(polygon);
        const sampled = supersample(polygon, 32);
        // A straight edge crosses at most 2n of the n^2 sample cells, half of which may be misjudged.
        for (let p = 0; p < exact.length; p++) expect(Math.abs(exact[p]! - sampled[p]!)).toBeLessThan(2.5 / 32);
      }),
      { numRuns: 60 },
    );
  });

  it('sums to the area of a polygon inside the picture', () => {
    fc.assert(
      fc.property(convexPolygon(-4.5), (polygon) => {
        fc.pre(polygon.every((v, i) => v >= 0 && v <= (i % 2 === 0 ? width : height)));
        expect(sum(cover(polygon))).toBeCloseTo(area(polygon), 9);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on orientation or on the first vertex', () => {
    fc.assert(
      fc.property(convexPolygon(3), fc.nat(20), (polygon, shift) => {
        const pairs = polygon.flatMap((v, i) => (i % 2 === 0 ? [[v, polygon[i + 1]!]] : []));
        const turned = pairs.map((_, i) => pairs[(i + shift) % pairs.length]!).reverse();
        const a = cover(polygon);
        const b = cover(turned.flat());
        for (let p = 0; p < a.length; p++) expect(b[p]).toBeCloseTo(a[p]!, 9);
      }),
    );
  });

  it('splits without loss: parts on both sides of a cut sum to the whole', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: width + 2, noNaN: true }),
        fc.double({ min: -2, max: width + 2, noNaN: true }),
        (top, bottom) => {
          const [left, right] = [-3, width + 3];
          const west = [left, -3, top, -3, bottom, height + 3, left, height + 3];
          const east = [top, -3, right, -3, right, height + 3, bottom, height + 3];
          for (const covered of cover(west, east)) expect(covered).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('handles concave polygons', () => {
    const l = [1, 1, 3, 1, 3, 4, 7, 4, 7, 6.5, 1, 6.5];
    const picture = cover(l);
    expect(sum(picture)).toBeCloseTo(area(l), 9);
    expect(picture[2 * width + 5]).toBe(0);
    expect(picture[5 * width + 5]).toBe(1);
  });

  it('takes a part away where the sign is negative', () => {
    const buffer = createCoverageBuffer(width, height);
    buffer.add([1, 1, 9, 1, 9, 8, 1, 8]);
    buffer.add([2, 2, 2, 4.5, 4, 4.5, 4, 2], -1);
    let total = 0;
    buffer.flush((_row, first, last, coverage) => {
      for (let column = first; column <= last; column++) total += coverage[column]!;
    });
    expect(total).toBeCloseTo(56 - 5, 9);
  });

  it('is empty after a flush, and for what lies outside or has no area', () => {
    const buffer = createCoverageBuffer(width, height);
    buffer.add([1, 1, 5.5, 2, 3, 7.75]);
    buffer.flush(() => undefined);
    const rows: number[] = [];
    buffer.add([-5, 1, -1, 1, -1, 4]);
    buffer.add([width, 1, width + 4, 1, width, 4]);
    buffer.add([3, 3]);
    buffer.add([3, 3, 4, 4]);
    buffer.add([3, 3, 4, 4, 5, 5]);
    buffer.flush((row) => rows.push(row));
    expect(rows).toEqual([]);
    buffer.add([0, 0, width, 0, width, height, 0, height]);
    buffer.flush((_row, first, last, coverage) => {
      for (let column = first; column <= last; column++) expect(coverage[column]).toBe(1);
    });
  });

  it('refuses coordinates that are not finite', () => {
    const buffer = createCoverageBuffer(width, height);
    expect(() => buffer.add([0, 0, Number.NaN, 1, 2, 2])).toThrow(RangeError);
    expect(() => buffer.add([0, 0, Number.POSITIVE_INFINITY, 1, 2, 2])).toThrow('finite coordinates');
  });
});

import fc from 'fast-check';
import { roomOf, type TwoRoomsLayout } from '../../../src/env/two-rooms/field.ts';
import { twoRoomsDistance, twoRoomsPath } from '../../../src/env/two-rooms/geodesic.ts';

const layout: TwoRoomsLayout = { wallX: 30, doorY: 20 };
const coordinate = fc.double({ min: 4.3, max: 59.7, noNaN: true });
const layouts = fc.record({ wallX: fc.integer({ min: 20, max: 44 }), doorY: fc.integer({ min: 10, max: 54 }) });

/** A point of the open field, from two numbers and the layout. */
function settle(x: number, y: number, { wallX, doorY }: TwoRoomsLayout): [number, number] {
  return Math.abs(x - wallX) <= 1.3 ? [x, doorY + ((y - 32) / 28) * 3.9] : [x, y];
}

/** The shortest way over both openings, by trying many heights in each: at least as long as the true one. */
function searchedDistance(a: [number, number], b: [number, number], where: TwoRoomsLayout, n: number): number {
  const [left, right] = a[0] <= b[0] ? [a, b] : [b, a];
  const openings: number[] = [];
  if (roomOf(left[0], where) < 0 && roomOf(right[0], where) >= 0) openings.push(where.wallX - 1);
  if (roomOf(left[0], where) <= 0 && roomOf(right[0], where) > 0) openings.push(where.wallX + 1);
  const heights = Array.from({ length: n + 1 }, (_, i) => where.doorY - 4 + (8 * i) / n);
  let reached: { at: [number, number]; length: number }[] = [{ at: left, length: 0 }];
  for (const x of openings) {
    const from = reached;
    reached = heights.map((y) => ({
      at: [x, y],
      length: Math.min(...from.map(({ at, length }) => length + Math.hypot(x - at[0], y - at[1]))),
    }));
  }
  return Math.min(...reached.map(({ at, length }) => length + Math.hypot(right[0] - at[0], right[1] - at[1])));
}

describe('the shortest way', () => {
  it('is straight within a room and through the middle of the door', () => {
    expect(twoRoomsPath([10, 10], [20, 50], layout)).toEqual([[20, 50]]);
    expect(twoRoomsPath([10, 20], [50, 21], layout)).toEqual([[50, 21]]);
  });

  it('bends around the corners of the door', () => {
    expect(twoRoomsPath([20, 50], [40, 50], layout)).toEqual([
      [29, 24],
      [31, 24],
      [40, 50],
    ]);
    expect(twoRoomsPath([40, 50], [20, 50], layout)).toEqual([
      [31, 24],
      [29, 24],
      [20, 50],
    ]);
    expect(twoRoomsPath([28.5, 50], [31.5, 6], layout)).toEqual([
      [29, 24],
      [31, 16],
      [31.5, 6],
    ]);
    expect(twoRoomsPath([20, 50], [40, 50], layout, 1)).toEqual([
      [29, 23],
      [31, 23],
      [40, 50],
    ]);
    expect(twoRoomsDistance([20, 50], [40, 50], layout)).toBeCloseTo(2 * Math.hypot(9, 26) + 2, 12);
  });

  it('starts and ends in the doorway too', () => {
    expect(twoRoomsPath([30, 20], [34, 59], layout)).toEqual([
      [31, 24],
      [34, 59],
    ]);
    expect(twoRoomsPath([10, 50], [30, 17], layout).at(-1)).toEqual([30, 17]);
  });

  it('is as short as a search over both openings finds, and symmetric', () => {
    fc.assert(
      fc.property(layouts, coordinate, coordinate, coordinate, coordinate, (where, x0, y0, x1, y1) => {
        const [a, b] = [settle(x0, y0, where), settle(x1, y1, where)];
        const exact = twoRoomsDistance(a, b, where);
        const searched = searchedDistance(a, b, where, 80);
        expect(exact).toBeLessThanOrEqual(searched + 1e-9);
        // Heights 0.1 apart miss the best bend by at most 0.05 at each opening.
        expect(searched - exact).toBeLessThan(0.2);
        expect(twoRoomsDistance(b, a, where)).toBeCloseTo(exact, 9);
        expect(exact).toBeGreaterThanOrEqual(Math.hypot(a[0] - b[0], a[1] - b[1]) - 1e-9);
      }),
      { numRuns: 300 },
    );
  });
});

import fc from 'fast-check';
import { createRng } from '../../../src/core/rng.ts';
import {
  clearance,
  doorHalfHeight,
  maxActionNorm,
  type TwoRoomsLayout,
  wallHalfWidth,
} from '../../../src/env/two-rooms/field.ts';
import { moveTwoRooms } from '../../../src/env/two-rooms/move.ts';

const layout: TwoRoomsLayout = { wallX: 30, doorY: 20 };

function move(x: number, y: number, dx: number, dy: number, where = layout): [number, number] {
  const position = Float64Array.of(-1, x, y);
  moveTwoRooms(position, 1, dx, dy, where);
  expect(position[0]).toBe(-1);
  return [position[1]!, position[2]!];
}

/** Strictly inside the outer walls and outside the wall between the rooms. */
function isFree(x: number, y: number, { wallX, doorY }: TwoRoomsLayout): boolean {
  const inField = x > 4 && x < 60 && y > 4 && y < 60;
  return inField && !(Math.abs(x - wallX) <= wallHalfWidth && Math.abs(y - doorY) >= doorHalfHeight);
}

describe('a step in Two-Rooms', () => {
  it('is position plus action where nothing is in the way', () => {
    expect(move(10, 10, 1.5, -2)).toEqual([11.5, 8]);
    expect(move(20.5, 40.25, 0, 0)).toEqual([20.5, 40.25]);
  });

  it('passes the door, either way', () => {
    expect(move(28.5, 20, 2, 1)).toEqual([30.5, 21]);
    expect(move(31.5, 23.5, -2.25, 0)).toEqual([29.25, 23.5]);
  });

  it('stops where the way meets the wall, clearance off its face', () => {
    // The face is at 29, met after half of the step.
    expect(move(28, 40, 2, 1)).toEqual([Math.fround(29 - clearance), 40.5]);
    expect(move(32, 40, -2, -1)).toEqual([Math.fround(31 + clearance), 39.5]);
  });

  it('stops at the outer walls', () => {
    expect(move(59, 30, 2, 0.5)).toEqual([Math.fround(60 - clearance), 30.25]);
    expect(move(5, 30, -2, 0)).toEqual([Math.fround(4 + clearance), 30]);
    expect(move(10, 5, 1, -2)).toEqual([10.5, Math.fround(4 + clearance)]);
    expect(move(10, 59, 1, 2)).toEqual([10.5, Math.fround(60 - clearance)]);
  });

  it('stops at the jambs of the door, and at the first of two walls', () => {
    expect(move(30, 23, 0.5, 2)).toEqual([30.25, Math.fround(24 - clearance)]);
    expect(move(30, 17, 0.5, -2)).toEqual([30.25, Math.fround(16 + clearance)]);
    // Through the opening at y = 23.5, then up against the jamb before the step ends.
    expect(move(28.5, 23.25, 2, 1)).toEqual([30, Math.fround(24 - clearance)]);
    // The corner of the field: the wall that is nearer along the way.
    expect(move(59.5, 58.5, 2, 2)).toEqual([Math.fround(60 - clearance), 59]);
  });

  it('does not tunnel, however long the step', () => {
    expect(move(20, 40, 30, 0)).toEqual([Math.fround(29 - clearance), 40]);
    expect(move(20, 20, 30, 0)).toEqual([50, 20]);
  });

  it('never enters or crosses a wall', () => {
    const step = fc.double({ min: -maxActionNorm, max: maxActionNorm, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 44 }),
        fc.integer({ min: 10, max: 54 }),
        fc.array(fc.tuple(step, step), { minLength: 60, maxLength: 60 }),
        fc.nat(),
        (wallX, doorY, steps, seed) => {
          const where = { wallX, doorY };
          const rng = createRng(seed, 'start');
          let [x, y] = [wallX + rng.between(-1, 1), doorY + rng.between(-3, 3)];
          for (const [dx, dy] of steps) {
            const [nextX, nextY] = move(x, y, dx, dy, where);
            expect(isFree(nextX, nextY, where)).toBe(true);
            // Whoever changes sides has been in the doorway: where the way crosses the wall, the door is open.
            if ((x - wallX) * (nextX - wallX) < 0) {
              const crossing = y + ((wallX - x) / (nextX - x)) * (nextY - y);
              expect(Math.abs(crossing - doorY)).toBeLessThan(doorHalfHeight);
            }
            // A step is never longer than asked for, but for the bounce.
            expect(Math.hypot(nextX - x, nextY - y)).toBeLessThan(Math.hypot(dx, dy) + clearance + 1e-5);
            [x, y] = [nextX, nextY];
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it('is not rounded onto a face that it ends a hair before', () => {
    const layout = { wallX: 20, doorY: 46 };
    // The largest double below the jamb at y = 50 rounds to 50 in float32.
    const short = 49.99999999 - 49.5;
    const [, y] = move(20, 49.5, 0, short, layout);
    expect(isFree(20, y, layout)).toBe(true);
    const [, fieldY] = move(30, 59.5, 0.001, 59.99999999 - 59.5, layout);
    expect(fieldY).toBeLessThan(60);
  });
});

import { doorHalfHeight, roomOf, type TwoRoomsLayout, wallHalfWidth } from './field.ts';

type Pixel = readonly [x: number, y: number];

/**
 * The shortest way between two points of the field, through the door where they are in different rooms: the
 * points where it bends, then the end. Pixels.
 *
 * A way through the doorway crosses its two openings; being shortest, it is straight or bends at their corners
 * only, so it is the shortest of at most nine candidates.
 * @param margin Distance kept from the door's jambs. @defaultValue 0
 */
export function twoRoomsPath(from: Pixel, to: Pixel, layout: TwoRoomsLayout, margin = 0): Pixel[] {
  const a = roomOf(from[0], layout);
  const b = roomOf(to[0], layout);
  if (a > b) {
    const back = twoRoomsPath(to, from, layout, margin);
    return [...back.slice(0, -1).reverse(), to];
  }
  const openings: number[] = [];
  if (a < 0 && b >= 0) openings.push(layout.wallX - wallHalfWidth);
  if (a <= 0 && b > 0) openings.push(layout.wallX + wallHalfWidth);
  const low = layout.doorY - doorHalfHeight + margin;
  const high = layout.doorY + doorHalfHeight - margin;

  let best: Pixel[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  // At each opening: bend at its upper corner, at its lower one, or don't bend.
  for (let choice = 0; choice < 3 ** openings.length; choice++) {
    const bends = openings.flatMap((x, i): Pixel[] => {
      const at = Math.floor(choice / 3 ** i) % 3;
      return at === 0 ? [] : [[x, at === 1 ? low : high]];
    });
    const path = [...bends, to];
    if (!openings.every((x) => crosses([from, ...path], x, low, high))) continue;
    const length = pathLength(from, path);
    if (length < shortest) {
      shortest = length;
      best = path;
    }
  }
  return best;
}

/** Length in pixels of the shortest way. */
export function twoRoomsDistance(from: Pixel, to: Pixel, layout: TwoRoomsLayout): number {
  return pathLength(from, twoRoomsPath(from, to, layout));
}

function pathLength(from: Pixel, path: readonly Pixel[]): number {
  let length = 0;
  let [x, y] = from;
  for (const [nextX, nextY] of path) {
    length += Math.sqrt((nextX - x) ** 2 + (nextY - y) ** 2);
    [x, y] = [nextX, nextY];
  }
  return length;
}

/** Whether a way from left to right passes the opening at `x` between `low` and `high`. */
function crosses(path: readonly Pixel[], x: number, low: number, high: number): boolean {
  for (let i = 1; i < path.length; i++) {
    const [x0, y0] = path[i - 1]!;
    const [x1, y1] = path[i]!;
    if (x1 < x) continue;
    const y = x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
    return y >= low && y <= high;
  }
  return false;
}

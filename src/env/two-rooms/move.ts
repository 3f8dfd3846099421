import { clearance, doorHalfHeight, fieldHigh, fieldLow, type TwoRoomsLayout, wallHalfWidth } from './field.ts';

/** What the sweep has found so far; one for all calls, since a step allocates nothing. */
const hit = { time: 0, onX: false, rest: 0 };

/**
 * Moves a point by (dx, dy), or as far as the first wall that the straight way meets: it comes to rest where the
 * way met the wall, `clearance` off its face. Coordinates are rounded to float32, so that a stored trajectory
 * continues exactly.
 *
 * eb_jepa adds noise of 0.5 px to each contact in its environment and drops blocked steps in its training data;
 * this is its environment with the noise left out.
 * @param position [x, y] at `offset`, pixels, in the open: overwritten with the new position.
 */
export function moveTwoRooms(
  position: Float32Array | Float64Array,
  offset: number,
  wantedX: number,
  wantedY: number,
  { wallX, doorY }: TwoRoomsLayout,
): void {
  const x = position[offset]!;
  const y = position[offset + 1]!;
  // Rounded first: a way that ends a hair before a face must not be rounded onto it afterwards.
  const dx = Math.fround(x + wantedX) - x;
  const dy = Math.fround(y + wantedY) - y;
  hit.time = Number.POSITIVE_INFINITY;
  if (x + dx <= fieldLow) meet((fieldLow - x) / dx, true, fieldLow + clearance);
  if (x + dx >= fieldHigh) meet((fieldHigh - x) / dx, true, fieldHigh - clearance);
  if (y + dy <= fieldLow) meet((fieldLow - y) / dy, false, fieldLow + clearance);
  if (y + dy >= fieldHigh) meet((fieldHigh - y) / dy, false, fieldHigh - clearance);

  const left = wallX - wallHalfWidth;
  const right = wallX + wallHalfWidth;
  if (Math.max(x, x + dx) >= left && Math.min(x, x + dx) <= right) {
    sweepBlock(x, y, dx, dy, left, right, fieldLow, doorY - doorHalfHeight);
    sweepBlock(x, y, dx, dy, left, right, doorY + doorHalfHeight, fieldHigh);
  }

  if (hit.time === Number.POSITIVE_INFINITY) {
    position[offset] = Math.fround(x + dx);
    position[offset + 1] = Math.fround(y + dy);
    return;
  }
  position[offset] = Math.fround(hit.onX ? hit.rest : inField(x + hit.time * dx));
  position[offset + 1] = Math.fround(hit.onX ? inField(y + hit.time * dy) : hit.rest);
}

/** Off the outer walls' faces by more than rounding can take back. */
function inField(coordinate: number): number {
  return Math.min(Math.max(coordinate, fieldLow + 1e-4), fieldHigh - 1e-4);
}

function meet(time: number, onX: boolean, rest: number): void {
  if (time >= hit.time) return;
  hit.time = time;
  hit.onX = onX;
  hit.rest = rest;
}

/** Meets the faces of a block of wall, which is open to both sides in x: the slab test for a ray and a box. */
function sweepBlock(
  x: number,
  y: number,
  dx: number,
  dy: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): void {
  const enterX = entry(x, dx, left, right);
  const enterY = entry(y, dy, top, bottom);
  const enter = Math.max(enterX, enterY);
  if (!(enter >= 0 && enter <= 1)) return;
  if (enter >= Math.min(exit(x, dx, left, right), exit(y, dy, top, bottom))) return;
  if (enterX >= enterY) meet(enter, true, dx > 0 ? left - clearance : right + clearance);
  else meet(enter, false, dy > 0 ? top - clearance : bottom + clearance);
}

/** When a coordinate enters [low, high]: -Infinity where it always is inside, Infinity where it never gets there. */
function entry(start: number, delta: number, low: number, high: number): number {
  if (delta > 0) return (low - start) / delta;
  if (delta < 0) return (high - start) / delta;
  return start >= low && start <= high ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** When it leaves again. */
function exit(start: number, delta: number, low: number, high: number): number {
  if (delta > 0) return (high - start) / delta;
  if (delta < 0) return (low - start) / delta;
  return Number.POSITIVE_INFINITY;
}

import { blockShape, fieldSize, pusherUnits, walls } from './field.ts';

/** All lengths are in units. Written to by the solver. */
export interface Placement {
  /** Of the pusher. */
  x: number;
  y: number;
  /** Of the T's centre of mass. */
  blockX: number;
  blockY: number;
  angle: number;
}

/** One point where the T overlaps the pusher or a wall. */
interface Overlap {
  /** Into the T. */
  readonly normalX: number;
  readonly normalY: number;
  /** Moment arm of the normal about the T's centre of mass. */
  readonly arm: number;
  readonly depth: number;
  /** How far a unit impulse moves the T here. */
  readonly give: number;
  readonly ofPusher: boolean;
  /** So far: never a pull. */
  impulse: number;
}

const passes = 20;
/** Passes after them in which the pusher gives way to what cannot. */
const yieldingPasses = 4;
/** Bodies that overlapped by more than this are looked at again after they were separated: turning is taken as straight. */
const deepOverlap = 0.5;
const mostLooks = 4;
/** An overlap too small to go on for. */
const negligible = 1e-4;
/** Corners this near to a wall are kept from it before they touch: pressed off its middle, the T would flip between two. */
const wallMargin = 12;

const gyrationSquared = blockShape.gyrationSquared * fieldSize ** 2;
const reach = blockShape.reach * fieldSize;
const corners = Array.from(blockShape.outline, (value) => value * fieldSize);
/** left, top, right and bottom of the T's bars, about its centre of mass. */
const bars = blockShape.parts.map((part) => [part[0]!, part[1]!, part[4]!, part[5]!].map((value) => value * fieldSize));

/**
 * Moves the T out of the pusher, by projected Gauss-Seidel over the points of contact, as a push without friction there
 * moves it: shifted along the normal and turned by its arm over the squared radius of gyration. Where walls hold the T,
 * the pusher is moved out of it.
 */
export function makeWay(placed: Placement): void {
  for (let look = 0; look < mostLooks; look++) {
    const overlaps = pusherOverlaps(placed);
    if (overlaps.length === 0) return;
    const deepest = overlaps.reduce((most, { depth }) => Math.max(most, depth), 0);
    addWallOverlaps(overlaps, placed);
    separate(overlaps, placed);
    if (deepest < deepOverlap) return;
  }
}

/** The circle against each of the T's bars. */
function pusherOverlaps({ x, y, blockX, blockY, angle }: Placement): Overlap[] {
  const overlaps: Overlap[] = [];
  const [fromX, fromY] = [x - blockX, y - blockY];
  if (fromX * fromX + fromY * fromY > (reach + pusherUnits) ** 2) return overlaps;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const localX = cos * fromX + sin * fromY;
  const localY = cos * fromY - sin * fromX;
  for (const bar of bars) {
    const nearX = Math.min(Math.max(localX, bar[0]!), bar[2]!);
    const nearY = Math.min(Math.max(localY, bar[1]!), bar[3]!);
    const [inX, inY] = [nearX - localX, nearY - localY];
    const distance = Math.sqrt(inX * inX + inY * inY);
    const depth = pusherUnits - distance;
    if (depth <= 0 || distance === 0) continue;
    const arm = (nearX * inY - nearY * inX) / distance;
    const [normalX, normalY] = [(cos * inX - sin * inY) / distance, (sin * inX + cos * inY) / distance];
    overlaps.push({ normalX, normalY, arm, depth, give: giveOf(arm), ofPusher: true, impulse: 0 });
  }
  return overlaps;
}

/** The T's corners near walls, those that do not touch yet among them. */
function addWallOverlaps(overlaps: Overlap[], { blockX, blockY, angle }: Placement): void {
  const room = reach + wallMargin;
  const [low, high] = [walls.low + room, walls.high - room];
  if (blockX >= low && blockX <= high && blockY >= low && blockY <= high) return;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const add = (normalX: number, normalY: number, depth: number, armX: number, armY: number): void => {
    if (depth < -wallMargin) return;
    const arm = armX * normalY - armY * normalX;
    overlaps.push({ normalX, normalY, arm, depth, give: giveOf(arm), ofPusher: false, impulse: 0 });
  };
  for (let i = 0; i < corners.length; i += 2) {
    const armX = cos * corners[i]! - sin * corners[i + 1]!;
    const armY = sin * corners[i]! + cos * corners[i + 1]!;
    add(1, 0, walls.low - blockX - armX, armX, armY);
    add(-1, 0, blockX + armX - walls.high, armX, armY);
    add(0, 1, walls.low - blockY - armY, armX, armY);
    add(0, -1, blockY + armY - walls.high, armX, armY);
  }
}

function giveOf(arm: number): number {
  return 1 + (arm * arm) / gyrationSquared;
}

function separate(overlaps: readonly Overlap[], placed: Placement): void {
  let [shiftX, shiftY, turn] = [0, 0, 0];
  const left = ({ depth, normalX, normalY, arm }: Overlap): number =>
    depth - shiftX * normalX - shiftY * normalY - turn * arm;
  for (let pass = 0; pass < passes; pass++) {
    let largest = 0;
    for (const overlap of overlaps) {
      const before = overlap.impulse;
      overlap.impulse = Math.max(0, before + left(overlap) / overlap.give);
      const push = overlap.impulse - before;
      if (push === 0) continue;
      shiftX += push * overlap.normalX;
      shiftY += push * overlap.normalY;
      turn += (push * overlap.arm) / gyrationSquared;
      largest = Math.max(largest, Math.abs(push) * overlap.give);
    }
    if (largest < negligible) break;
  }
  placed.blockX += shiftX;
  placed.blockY += shiftY;
  placed.angle += turn;
  let [yieldX, yieldY] = [0, 0];
  for (let pass = 0; pass < yieldingPasses; pass++) {
    for (const overlap of overlaps) {
      if (!overlap.ofPusher) continue;
      const { normalX, normalY } = overlap;
      const rest = left(overlap) + yieldX * normalX + yieldY * normalY;
      if (rest < negligible) continue;
      yieldX -= rest * normalX;
      yieldY -= rest * normalY;
    }
  }
  placed.x += yieldX;
  placed.y += yieldY;
}

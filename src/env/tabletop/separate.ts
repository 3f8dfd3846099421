import type Matter from 'matter-js';
import type { MatterCollision } from './contacts.ts';
import { contactSlop, type RigidBody, unitsPerTable } from './rigid-body.ts';

/** Passes over the contacts, and passes after them in which the pusher gives way to what cannot. */
const passes = 10;
const yieldingPasses = 3;
/** Corners this near to a wall, in physics units, are kept from it even before they touch. */
const wallMargin = 12;
/** An overlap, in physics units, that is too small to go on for. */
const negligible = 1e-4;

/** One point where two bodies overlap. */
interface Overlap {
  /** Null where the body is a wall. */
  readonly a: RigidBody | null;
  readonly b: RigidBody | null;
  /** Out of B, for A. */
  readonly normalX: number;
  readonly normalY: number;
  /** To be removed. */
  readonly depth: number;
  /** Moment arms of the normal about the bodies' centres. */
  readonly armA: number;
  readonly armB: number;
  /** How far a unit impulse moves the bodies apart here. */
  readonly give: number;
  /** Impulse so far: never a pull. */
  impulse: number;
}

/**
 * Moves overlapping bodies apart without giving them velocity, by projected Gauss-Seidel over their contacts.
 * Unlike matter-js's own correction, which only shifts, each body moves as a push at the point of contact would
 * move it, shifted and turned in proportion to its mass and inertia: so the piece of way that the pusher makes into
 * an object before the overlap is noticed is made up for as it should have been.
 * Turning is taken as straight motion, so deep overlaps need another look afterwards.
 * @param moving The rigid body of each of the engine's bodies that can move.
 * @returns The deepest overlap that there was, in physics units.
 */
export function separate(collisions: readonly MatterCollision[], moving: ReadonlyMap<Matter.Body, RigidBody>): number {
  if (collisions.length === 0) return 0;
  const overlaps: Overlap[] = [];
  for (const collision of collisions) addOverlaps(overlaps, collision, moving);
  for (const body of moving.values()) addWallOverlaps(overlaps, body);
  for (let pass = 0; pass < passes; pass++) {
    let largest = 0;
    for (const overlap of overlaps) {
      const { a, b, normalX, normalY, armA, armB } = overlap;
      const before = overlap.impulse;
      overlap.impulse = Math.max(0, before + remaining(overlap) / overlap.give);
      const push = overlap.impulse - before;
      if (push === 0) continue;
      a?.nudge(push * normalX, push * normalY, push * armA);
      b?.nudge(-push * normalX, -push * normalY, -push * armB);
      largest = Math.max(largest, Math.abs(push) * overlap.give);
    }
    if (largest < negligible) break;
  }
  for (let pass = 0; pass < yieldingPasses; pass++) {
    if (!yieldToHeld(overlaps)) break;
  }
  for (const { a, b } of overlaps) {
    a?.applyShift();
    b?.applyShift();
  }
  return overlaps.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
}

/** Moves the pusher out of what is still in its way, being held by a wall. Says whether anything was. */
function yieldToHeld(overlaps: readonly Overlap[]): boolean {
  let yielded = false;
  for (const overlap of overlaps) {
    const { a, b, normalX, normalY } = overlap;
    const left = remaining(overlap);
    if (left < negligible) continue;
    if (a?.shape.name === 'pusher') {
      a.shift.x += left * normalX;
      a.shift.y += left * normalY;
      yielded = true;
    } else if (b?.shape.name === 'pusher') {
      b.shift.x -= left * normalX;
      b.shift.y -= left * normalY;
      yielded = true;
    }
  }
  return yielded;
}

/** Overlap that the shifts so far leave; negative where they opened a gap. */
function remaining({ a, b, normalX, normalY, depth, armA, armB }: Overlap): number {
  let left = depth;
  if (a !== null) left -= a.shift.x * normalX + a.shift.y * normalY + a.shift.angle * armA;
  if (b !== null) left += b.shift.x * normalX + b.shift.y * normalY + b.shift.angle * armB;
  return left;
}

function addOverlaps(
  overlaps: Overlap[],
  collision: MatterCollision,
  moving: ReadonlyMap<Matter.Body, RigidBody>,
): void {
  const { normal, parentA, parentB, supports, supportCount } = collision;
  const a = moving.get(parentA);
  const b = moving.get(parentB);
  if (a === undefined || b === undefined) return;
  for (let i = 0; i < supportCount; i++) {
    const { x, y } = supports[i]!;
    const armA = (x - parentA.position.x) * normal.y - (y - parentA.position.y) * normal.x;
    const armB = (x - parentB.position.x) * normal.y - (y - parentB.position.y) * normal.x;
    const give =
      parentA.inverseMass +
      parentB.inverseMass +
      parentA.inverseInertia * armA * armA +
      parentB.inverseInertia * armB * armB;
    const depth = (supportCount === 1 ? collision.depth : depthAt(collision, supports[i]!)) - contactSlop;
    overlaps.push({ a, b, normalX: normal.x, normalY: normal.y, depth, armA, armB, give, impulse: 0 });
  }
}

/**
 * A body's corners near a wall, those that do not touch it yet among them: a box that is pressed against a wall
 * off its middle would else turn from one corner over to the other and back.
 */
function addWallOverlaps(overlaps: Overlap[], body: RigidBody): void {
  const { min, max } = body.body.bounds;
  if (min.x < wallMargin) addWall(overlaps, body, 1, 0, 0);
  if (min.y < wallMargin) addWall(overlaps, body, 0, 1, 0);
  if (max.x > unitsPerTable - wallMargin) addWall(overlaps, body, -1, 0, -unitsPerTable);
  if (max.y > unitsPerTable - wallMargin) addWall(overlaps, body, 0, -1, -unitsPerTable);
}

/** The table is where normal . point >= offset. */
function addWall(overlaps: Overlap[], a: RigidBody, normalX: number, normalY: number, offset: number): void {
  const { position, vertices, inverseMass, inverseInertia } = a.body;
  const { radius } = a.shape;
  const add = (x: number, y: number): void => {
    const depth = offset - normalX * x - normalY * y - contactSlop;
    if (depth < -wallMargin) return;
    const armA = (x - position.x) * normalY - (y - position.y) * normalX;
    const give = inverseMass + inverseInertia * armA * armA;
    overlaps.push({ a, b: null, normalX, normalY, depth, armA, armB: 0, give, impulse: 0 });
  };
  if (radius !== null) {
    add(position.x - normalX * radius * unitsPerTable, position.y - normalY * radius * unitsPerTable);
  } else {
    for (const { x, y } of vertices) add(x, y);
  }
}

/** How far a corner of one polygon is inside the other, along the normal. */
function depthAt({ bodyA, bodyB, normal }: MatterCollision, corner: Matter.Vector): number {
  const along = (point: Matter.Vector): number => point.x * normal.x + point.y * normal.y;
  const ofB = bodyB.vertices.includes(corner as Matter.Vertex);
  let extreme = ofB ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  for (const vertex of ofB ? bodyA.vertices : bodyB.vertices) {
    extreme = ofB ? Math.min(extreme, along(vertex)) : Math.max(extreme, along(vertex));
  }
  return ofB ? along(corner) - extreme : extreme - along(corner);
}

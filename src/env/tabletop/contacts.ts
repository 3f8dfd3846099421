import type Matter from 'matter-js';
import { type MatterBody, type RigidBody, unitsPerTable } from './rigid-body.ts';

/** What matter-js keeps of two touching parts; its types leave some of it out. */
export interface MatterCollision extends Omit<Matter.Collision, 'depth' | 'supports' | 'parentA' | 'parentB'> {
  depth: number;
  /** Where they touch: one or two points. The normal is A's way out of B. */
  supports: (Matter.Vector | null)[];
  supportCount: number;
  parentA: MatterBody;
  parentB: MatterBody;
}

/**
 * Makes contacts of circles exact. Collisions are found between polygons drawn around the circles; here each such
 * collision gets the true normal, depth and point of contact, or is dropped where the circle does not reach.
 * @param circles Radius, in physics units, of each body that is a circle.
 */
export function refineCircleContacts(collisions: MatterCollision[], circles: ReadonlyMap<Matter.Body, number>): void {
  let kept = 0;
  for (const collision of collisions) {
    const radiusA = circles.get(collision.bodyA);
    const radiusB = circles.get(collision.bodyB);
    const touching =
      radiusA === undefined
        ? radiusB === undefined || refine(collision, collision.bodyB, radiusB, collision.bodyA, 0, -1)
        : refine(collision, collision.bodyA, radiusA, collision.bodyB, radiusB ?? 0, 1);
    if (touching) collisions[kept++] = collision;
  }
  collisions.length = kept;
}

/** Radii of the bodies that are circles. */
export function circleRadii(bodies: readonly RigidBody[]): Map<Matter.Body, number> {
  return new Map(
    bodies.flatMap(({ body, shape }) => (shape.radius === null ? [] : [[body, shape.radius * unitsPerTable] as const])),
  );
}

/** @param sign 1 where the circle is the collision's body A, -1 where it is B. */
function refine(
  collision: MatterCollision,
  circle: Matter.Body,
  radius: number,
  other: Matter.Body,
  otherRadius: number,
  sign: number,
): boolean {
  const { x, y } = circle.position;
  const nearest = otherRadius > 0 ? other.position : nearestOnPolygon(other.vertices, x, y);
  // The centre is inside the other body: the polygons' answer is as good as any.
  if (nearest === null) return true;
  const dx = x - nearest.x;
  const dy = y - nearest.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  const depth = radius + otherRadius - distance;
  if (depth <= 0) return false;
  if (distance === 0) return true;
  const outX = dx / distance;
  const outY = dy / distance;
  collision.depth = depth;
  collision.normal.x = sign * outX;
  collision.normal.y = sign * outY;
  collision.tangent.x = -collision.normal.y;
  collision.tangent.y = collision.normal.x;
  collision.supports[0] = { x: nearest.x + outX * otherRadius, y: nearest.y + outY * otherRadius };
  collision.supports[1] = null;
  collision.supportCount = 1;
  return true;
}

/** The point of a convex polygon's border that is nearest to a point outside; null for a point inside. */
function nearestOnPolygon(vertices: readonly Matter.Vector[], x: number, y: number): Matter.Vector | null {
  let nearest = Number.POSITIVE_INFINITY;
  let nearestX = 0;
  let nearestY = 0;
  let inside = true;
  for (let i = 0; i < vertices.length; i++) {
    const from = vertices[i]!;
    const to = vertices[i + 1 === vertices.length ? 0 : i + 1]!;
    const edgeX = to.x - from.x;
    const edgeY = to.y - from.y;
    const toX = x - from.x;
    const toY = y - from.y;
    // Clockwise with y down: the inside of an edge is where this is positive.
    if (edgeX * toY - edgeY * toX >= 0) continue;
    inside = false;
    const along = Math.min(1, Math.max(0, (toX * edgeX + toY * edgeY) / (edgeX * edgeX + edgeY * edgeY)));
    const offX = toX - along * edgeX;
    const offY = toY - along * edgeY;
    const squared = offX * offX + offY * offY;
    if (squared < nearest) {
      nearest = squared;
      nearestX = from.x + along * edgeX;
      nearestY = from.y + along * edgeY;
    }
  }
  return inside ? null : { x: nearestX, y: nearestY };
}

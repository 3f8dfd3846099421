import { distanceToPolygon, type Outline, placePolygon } from './regions.ts';

/** A body's outline where it is: table widths and radians. */
export interface PlacedOutline {
  readonly outline: Outline;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** Distance between the borders of two bodies, table widths; 0 or less where they overlap. */
export function gapBetween(a: PlacedOutline, b: PlacedOutline): number {
  const coresOfB = coresOf(b);
  let nearest = Number.POSITIVE_INFINITY;
  for (const coreA of coresOf(a))
    for (const coreB of coresOfB) nearest = Math.min(nearest, distanceBetweenConvex(coreA, coreB));
  return nearest - (a.outline.radius ?? 0) - (b.outline.radius ?? 0);
}

/** A circle's core is its centre, a polygon of one corner; other bodies are their parts. */
function coresOf({ outline, x, y, angle }: PlacedOutline): ArrayLike<number>[] {
  if (outline.radius !== null) return [[x, y]];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return outline.parts.map((part) => placePolygon(part, x, y, cos, sin));
}

/**
 * Of two convex polygons that do not cross, some corner of one is at the least distance from the other. Where they
 * do, with no corner of either inside the other, edges cross: bodies in contact never overlap so deeply.
 */
function distanceBetweenConvex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.min(fromCorners(a, b), fromCorners(b, a));
}

function fromCorners(corners: ArrayLike<number>, polygon: ArrayLike<number>): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < corners.length; i += 2) {
    const [x, y] = [corners[i]!, corners[i + 1]!];
    const distance =
      polygon.length === 2 ? Math.hypot(x - polygon[0]!, y - polygon[1]!) : distanceToPolygon(polygon, x, y);
    nearest = Math.min(nearest, distance);
  }
  return nearest;
}

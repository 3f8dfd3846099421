import type { Point, Region } from '../core/task.ts';

/** The ground that a body covers, origin at its centre, heading 0, in table widths. */
export interface Outline {
  /** Convex parts, each x0, y0, x1, y1, ... in order around it. */
  readonly parts: readonly ArrayLike<number>[];
  /** The outline is a circle of this radius (0: a point) and the parts don't count; null: it is the parts. */
  readonly radius: number | null;
}

/** A body without extent. */
export const pointOutline: Outline = { parts: [], radius: 0 };

/** How far a point is outside a region: 0 inside and on the border. */
export function distanceToRegion(region: Region, [x, y]: Point): number {
  if ('radius' in region) {
    return Math.max(0, Math.hypot(x - region.centre[0], y - region.centre[1]) - region.radius);
  }
  const dx = Math.max(region.x[0] - x, 0, x - region.x[1]);
  const dy = Math.max(region.y[0] - y, 0, y - region.y[1]);
  return Math.hypot(dx, dy);
}

/**
 * Whether any part of a body is inside a region. Touching the border from outside is not inside.
 * @param angle Heading of the body, radians.
 */
export function overlapsRegion(region: Region, outline: Outline, x: number, y: number, angle: number): boolean {
  if (outline.radius !== null) {
    if ('radius' in region) {
      return Math.hypot(x - region.centre[0], y - region.centre[1]) < region.radius + outline.radius;
    }
    const inside = x > region.x[0] && x < region.x[1] && y > region.y[0] && y < region.y[1];
    return inside || distanceToRegion(region, [x, y]) < outline.radius;
  }
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return outline.parts.some((part) => {
    const placed = placePolygon(part, x, y, cos, sin);
    return 'radius' in region
      ? distanceToPolygon(placed, region.centre[0], region.centre[1]) < region.radius
      : polygonOverlapsRectangle(placed, region.x[0], region.x[1], region.y[0], region.y[1]);
  });
}

export function placePolygon(polygon: ArrayLike<number>, x: number, y: number, cos: number, sin: number): Float64Array {
  const placed = new Float64Array(polygon.length);
  for (let i = 0; i < polygon.length; i += 2) {
    placed[i] = x + polygon[i]! * cos - polygon[i + 1]! * sin;
    placed[i + 1] = y + polygon[i]! * sin + polygon[i + 1]! * cos;
  }
  return placed;
}

/** Distance from a point to a convex polygon: 0 inside. */
export function distanceToPolygon(polygon: ArrayLike<number>, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let left = 0;
  let right = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    const edgeX = polygon[j]! - polygon[i]!;
    const edgeY = polygon[j + 1]! - polygon[i + 1]!;
    const toX = x - polygon[i]!;
    const toY = y - polygon[i + 1]!;
    const side = edgeX * toY - edgeY * toX;
    if (side >= 0) left++;
    if (side <= 0) right++;
    const along = Math.min(1, Math.max(0, (toX * edgeX + toY * edgeY) / (edgeX * edgeX + edgeY * edgeY)));
    nearest = Math.min(nearest, Math.hypot(toX - along * edgeX, toY - along * edgeY));
  }
  const corners = polygon.length / 2;
  return left === corners || right === corners ? 0 : nearest;
}

/** Separating axes: the rectangle's two and the polygon's edge normals. */
function polygonOverlapsRectangle(
  polygon: ArrayLike<number>,
  left: number,
  right: number,
  top: number,
  bottom: number,
): boolean {
  const rectangle = [left, top, right, top, right, bottom, left, bottom];
  const separatedAlong = (axisX: number, axisY: number): boolean => {
    const [lowA, highA] = extent(polygon, axisX, axisY);
    const [lowB, highB] = extent(rectangle, axisX, axisY);
    return highA <= lowB || highB <= lowA;
  };
  if (separatedAlong(1, 0) || separatedAlong(0, 1)) return false;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    if (separatedAlong(polygon[j + 1]! - polygon[i + 1]!, polygon[i]! - polygon[j]!)) return false;
  }
  return true;
}

function extent(polygon: ArrayLike<number>, axisX: number, axisY: number): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < polygon.length; i += 2) {
    const along = polygon[i]! * axisX + polygon[i + 1]! * axisY;
    if (along < low) low = along;
    if (along > high) high = along;
  }
  return [low, high];
}

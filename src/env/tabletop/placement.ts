import type { Rng } from '../../core/rng.ts';
import type { Point, Region } from '../../core/task.ts';
import { distanceToRegion } from '../regions.ts';

/** Something round enough for placing: its centre and the radius that holds it. */
export interface Placed {
  readonly position: Point;
  readonly reach: number;
}

/** A point at least `margin` from every wall. */
export function pointOnTable(rng: Rng, margin: number): Point {
  return [rng.between(margin, 1 - margin), rng.between(margin, 1 - margin)];
}

/** A point of the region that is at least `margin` from every wall; null where a few draws find none. */
export function pointInRegion(rng: Rng, region: Region, margin: number): Point | null {
  const [left, right] = 'radius' in region ? around(region.centre[0], region.radius) : region.x;
  const [top, bottom] = 'radius' in region ? around(region.centre[1], region.radius) : region.y;
  for (let attempt = 0; attempt < 100; attempt++) {
    const point: Point = [rng.between(left, right), rng.between(top, bottom)];
    if (distanceToRegion(region, point) === 0 && onTable(point, margin)) return point;
  }
  return null;
}

export function onTable([x, y]: Point, margin: number): boolean {
  return x >= margin && x <= 1 - margin && y >= margin && y <= 1 - margin;
}

/** Whether a disc of radius `reach` at `position` keeps `gap` from all that is placed. */
export function isClear(position: Point, reach: number, placed: readonly Placed[], gap: number): boolean {
  return placed.every((other) => distance(position, other.position) >= reach + other.reach + gap);
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function around(centre: number, radius: number): [number, number] {
  return [centre - radius, centre + radius];
}

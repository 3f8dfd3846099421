import type { Point, Region } from '../core/task.ts';
import { signedDistanceAt } from '../cost/region.ts';

/** Somewhere that a centre stays so far away from, table widths. */
export interface Obstacle {
  readonly region: Region;
  readonly clearance: number;
}

export interface RouteOptions {
  readonly from: Point;
  /** How far a place is from the goal, table widths; 0 at it. */
  readonly left: (place: Point) => number;
  /** So near is near enough. */
  readonly arrival: number;
  /** As `ease` gives them. */
  readonly obstacles: readonly Obstacle[];
  /** Least distance from the table's edges. */
  readonly inset: number;
  /** The last way-point: gone on to while that is about as short, so that one does not waver between two ways. */
  readonly previous: Point | null;
}

/** The shortest way past obstacles. */
export interface Route {
  /** The farthest place on it that can be gone to straight on. */
  readonly via: Point;
  /** Whether that is as near to the goal as the route leads. */
  readonly direct: boolean;
  /** All of it, and what is beyond `via`, with what is left at the end: table widths. */
  readonly length: number;
  readonly beyond: number;
}

/** Cells along each side of the table. */
const cells = 50;
const spacing = 1 / cells;

/** How much less than the clearance a straight line may keep, so that cells' corners don't hide what is beyond. */
const grazing = 0.012;

/** How much longer the way over the last way-point may be, table widths. */
const wavering = 0.08;

/** Room that one has to have who begins too near to an obstacle. */
const foothold = 0.002;

/**
 * The shortest way by cells (eight neighbours, Dijkstra from the goal), pulled straight at its beginning; null where
 * obstacles leave none.
 */
export function findRoute({ from, left, arrival, obstacles, inset, previous }: RouteOptions): Route | null {
  const distances = distancesToGoal(left, arrival, obstacles, Math.min(inset, distanceToEdge(from) - foothold));
  const nearest = nearestCell(from, distances, obstacles);
  if (nearest === null) return null;
  const start = keptCell(from, distances, obstacles, previous, nearest) ?? nearest.cell;
  const path = [start];
  for (let at = start; distances[at]! > 0; ) {
    at = neighboursOf(at).reduce((best, { cell }) => (distances[cell]! < distances[best]! ? cell : best), at);
    path.push(at);
  }
  let reached = 0;
  while (reached + 1 < path.length && isStraight(from, placeOf(path[reached + 1]!), obstacles)) reached += 1;
  const via = placeOf(path[reached]!);
  const beyond = distances[path[reached]!]! + left(placeOf(path.at(-1)!));
  return {
    via,
    beyond,
    direct: reached === path.length - 1,
    length: Math.hypot(via[0] - from[0], via[1] - from[1]) + beyond,
  };
}

/** Whoever is too near to an obstacle already may go no nearer to it. */
export function ease(from: Point, obstacles: readonly Obstacle[]): Obstacle[] {
  return obstacles.map(({ region, clearance }) => ({
    region,
    clearance: Math.min(clearance, signedDistanceAt(from, region) - foothold),
  }));
}

function distanceToEdge([x, y]: Point): number {
  return Math.min(x, y, 1 - x, 1 - y);
}

/** Whether nothing is in the way of a straight line. */
export function isStraight([x, y]: Point, [toX, toY]: Point, obstacles: readonly Obstacle[]): boolean {
  const steps = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / (spacing / 2)));
  for (let i = 1; i <= steps; i++) {
    const place: Point = [x + ((toX - x) * i) / steps, y + ((toY - y) * i) / steps];
    if (!isFree(place, obstacles, grazing)) return false;
  }
  return true;
}

function isFree(place: Point, obstacles: readonly Obstacle[], less = 0): boolean {
  return obstacles.every(({ region, clearance }) => signedDistanceAt(place, region) >= clearance - less);
}

const places: readonly Point[] = Array.from({ length: cells * cells }, (_, cell) => [
  ((cell % cells) + 0.5) * spacing,
  (Math.floor(cell / cells) + 0.5) * spacing,
]);
const edges: readonly number[] = places.map(distanceToEdge);

function placeOf(cell: number): Point {
  return places[cell]!;
}

interface Neighbour {
  readonly cell: number;
  readonly step: number;
}

const neighbours: readonly (readonly Neighbour[])[] = Array.from({ length: cells * cells }, (_, cell) => {
  const [column, row] = [cell % cells, Math.floor(cell / cells)];
  const around: Neighbour[] = [];
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++) {
      const [toColumn, toRow] = [column + dx, row + dy];
      if ((dx === 0 && dy === 0) || toColumn < 0 || toRow < 0 || toColumn >= cells || toRow >= cells) continue;
      around.push({ cell: toRow * cells + toColumn, step: spacing * Math.hypot(dx, dy) });
    }
  return around;
});

function neighboursOf(cell: number): readonly Neighbour[] {
  return neighbours[cell]!;
}

/** Of each cell the way to the goal, infinite where there is none. */
function distancesToGoal(
  left: RouteOptions['left'],
  arrival: number,
  obstacles: readonly Obstacle[],
  inset: number,
): Float64Array {
  const distances = new Float64Array(cells * cells).fill(Number.POSITIVE_INFINITY);
  const free = places.map((place, cell) => edges[cell]! >= inset && isFree(place, obstacles));
  let frontier: number[] = [];
  const remaining = places.map((place, cell) => (free[cell] ? left(place) : Number.POSITIVE_INFINITY));
  const nearest = remaining.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  if (nearest > arrival) return distances;
  // Of the cells that are near enough, those that are about as near as it gets.
  for (const [cell, each] of remaining.entries()) {
    if (!free[cell] || each > nearest + spacing / 2) continue;
    distances[cell] = 0;
    frontier.push(cell);
  }
  // A bucket a cell's width: within it order does not matter, since every step is at least as long.
  const buckets: number[][] = [];
  const put = (cell: number): void => {
    const bucket = Math.floor(distances[cell]! / spacing);
    buckets[bucket] ??= [];
    buckets[bucket].push(cell);
  };
  for (const cell of frontier) put(cell);
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    frontier = buckets[bucket] ?? [];
    for (const cell of frontier) {
      if (Math.floor(distances[cell]! / spacing) < bucket) continue;
      for (const { cell: next, step } of neighboursOf(cell)) {
        const distance = distances[cell]! + step;
        if (!free[next] || distance >= distances[next]! - 1e-12) continue;
        distances[next] = distance;
        put(next);
      }
    }
  }
  return distances;
}

/** The cell to begin with: of those around that one can get to, the one with the shortest way in all. */
function nearestCell(
  from: Point,
  distances: Float64Array,
  obstacles: readonly Obstacle[],
): { readonly cell: number; readonly length: number } | null {
  let best: number | null = null;
  let shortest = Number.POSITIVE_INFINITY;
  for (const [cell, distance] of distances.entries()) {
    if (distance === Number.POSITIVE_INFINITY) continue;
    const place = placeOf(cell);
    const gap = Math.hypot(place[0] - from[0], place[1] - from[1]);
    if (gap > 2 * spacing || gap + distance >= shortest || !isStraight(from, place, obstacles)) continue;
    [best, shortest] = [cell, gap + distance];
  }
  return best === null ? null : { cell: best, length: shortest };
}

/** The last way-point's cell, while the way over it is hardly longer and one can go straight to it. */
function keptCell(
  from: Point,
  distances: Float64Array,
  obstacles: readonly Obstacle[],
  previous: Point | null,
  nearest: { readonly length: number },
): number | null {
  if (previous === null) return null;
  const [column, row] = previous.map((at) => Math.min(cells - 1, Math.max(0, Math.floor(at * cells)))) as [
    number,
    number,
  ];
  const cell = row * cells + column;
  const length = Math.hypot(previous[0] - from[0], previous[1] - from[1]) + distances[cell]!;
  return length <= nearest.length + wavering && isStraight(from, placeOf(cell), obstacles) ? cell : null;
}

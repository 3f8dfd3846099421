import type { GuardrailSpec, Point, Predicate } from '../../core/task.ts';
import { distanceToRegion, overlapsRegion } from '../regions.ts';
import { distance } from './placement.ts';
import type { Shape } from './shapes.ts';

/** Between the places that are tried, table widths. */
export const spacing = 0.01;

const grid: readonly Point[] = Array.from(
  { length: 101 * 101 },
  (_, i): Point => [(i % 101) * spacing, Math.floor(i / 101) * spacing],
);

/** Something that is asked of where a body's centre is, in words and as a test. */
export interface Claim {
  readonly words: string;
  holds(centre: Point): boolean;
}

/** The tried places at which everything holds. */
export function placesWhere(claims: readonly Claim[], among: readonly Point[] = grid): readonly Point[] {
  return claims.reduce((left, claim) => left.filter((point) => claim.holds(point)), among);
}

/** That the body is on the table, turned as suits it, or at `angle`. */
export function onTable(shape: Shape, angle: number | null): Claim {
  const [left, right, top, bottom] = ([Math.PI, 0, -Math.PI / 2, Math.PI / 2] as const).map((direction) =>
    angle === null ? narrowest(shape) : extent(shape, direction - angle),
  ) as [number, number, number, number];
  return {
    words: 'on the table',
    holds: ([x, y]) => x >= left && x <= 1 - right && y >= top && y <= 1 - bottom,
  };
}

/** What success asks of an entity's place; null where it is about another, or about no place. */
export function wanted(predicate: Predicate, name: string, pointOf: (to: string | Point) => Point): Claim | null {
  if ('inside' in predicate) {
    const [who, region] = predicate.inside;
    return who === name ? { words: 'in its region', holds: (point) => distanceToRegion(region, point) === 0 } : null;
  }
  if (!('near' in predicate || 'pose' in predicate)) return null;
  const [of, to] = 'near' in predicate ? predicate.near : predicate.pose;
  const { within } = predicate;
  const goal = pointOf(to);
  const words = `within ${within} of ${typeof to === 'string' ? `'${to}'` : JSON.stringify(to)}`;
  return of === name ? { words, holds: (point) => distance(point, goal) <= within } : null;
}

/** What a guardrail leaves to a body's centre, however the body is turned; null where it says nothing of it. */
export function allowed(guardrail: GuardrailSpec, name: string, shape: Shape): Claim | null {
  if (!('who' in guardrail)) return null;
  const { who } = guardrail;
  if (who !== name && !(who === 'objects' && name !== 'pusher')) return null;
  if (guardrail.kind === 'stay-on-table') {
    const { margin } = guardrail;
    const words = `at least ${margin} from every edge`;
    return { words, holds: ([x, y]) => Math.min(x, y, 1 - x, 1 - y) >= margin };
  }
  const core = { parts: [], radius: inscribedRadius(shape) };
  return {
    words: 'out of its keep-out zones',
    holds: ([x, y]) => !overlapsRegion(guardrail.region, core, x, y, 0),
  };
}

/** Radius of the circle around the centre that is all body; 0 where the centre is outside. */
export function inscribedRadius({ radius, outline, parts }: Shape): number {
  if (radius !== null) return radius;
  const atCentre = overlapsRegion({ centre: [0, 0], radius: 1e-9 }, { parts, radius: null }, 0, 0, 0);
  if (!atCentre) return 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < outline.length; i += 2) {
    const j = (i + 2) % outline.length;
    const [x, y] = [outline[i]!, outline[i + 1]!];
    const [edgeX, edgeY] = [outline[j]! - x, outline[j + 1]! - y];
    const share = -(x * edgeX + y * edgeY) / (edgeX * edgeX + edgeY * edgeY);
    const along = Math.min(1, Math.max(0, share));
    nearest = Math.min(nearest, Math.hypot(x + along * edgeX, y + along * edgeY));
  }
  return nearest;
}

/** How far the body reaches from its centre in a direction (radians, in its own frame). */
function extent({ radius, outline }: Shape, direction: number): number {
  if (radius !== null) return radius;
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  let most = 0;
  for (let i = 0; i < outline.length; i += 2) most = Math.max(most, outline[i]! * cos + outline[i + 1]! * sin);
  return most;
}

/** The nearest that the centre can come to a wall. */
function narrowest(shape: Shape): number {
  const directions = Array.from({ length: 360 }, (_, i) => (i * Math.PI) / 180);
  return Math.min(...directions.map((direction) => extent(shape, direction)));
}

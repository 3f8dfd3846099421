import type { Environment } from '../../core/contracts.ts';
import type { Point, Predicate, Range } from '../../core/task.ts';
import { overlapsRegion } from '../regions.ts';
import { resolveTask } from '../resolve-task.ts';
import { type Approach, approachesOf, crookedApproach } from './approaches.ts';
import { maxDisplacement } from './physics.ts';
import { shapeOf } from './scene.ts';
import { pusherRadius, type Shape } from './shapes.ts';
import { decodeState } from './state.ts';

/** Left between the pusher and the object before a push, and around the object on the way to the place behind it. */
const standoff = 0.004;
const berth = 0.008;
/** Near enough to the goal to stop, in table widths: within the tasks' tolerance. */
const closeEnough = 0.012;
/** How well the pusher must stand behind an object, across the push, to push from there. */
const lateralTolerance = 0.02;
/** How far to push at once where the object turns. */
const crookedWay = 0.04;

/** How far inside a region's edge things are brought. */
const insideEdge = 0.02;

type Vector = readonly [x: number, y: number];
type Goal = readonly [of: string, to: string | Point];

interface Body {
  readonly shape: Shape;
  readonly position: Point;
  readonly angle: number;
}

/**
 * The next action of a script that reads the true state: straight to a goal of the pusher's own; or around the
 * object to the place behind it, then push, steering so that the object neither turns nor slips off, a box by one
 * pair of its sides after the other. It knows of no guardrails and of no other objects in the way.
 * @returns [2], in units of the action space; zero where all is done or success names nobody's place.
 */
export function tabletopExpert(environment: Environment): Float32Array {
  const { task } = environment;
  const state = decodeState(environment.getState(), task);
  const { positions, angles, targets } = environment.inspect().truth;
  const pusher = positions.pusher!;
  const { after = [], all } = resolveTask(task, state.scene).success;
  for (const predicate of after[state.passed] ?? all) {
    const wanted = placeFor(predicate, positions);
    if (wanted === null) continue;
    const [of, to] = wanted;
    const goal = typeof to === 'string' ? targets[to]! : to;
    const left = subtract(goal, positions[of]!);
    if (of === 'pusher') return toAction(left);
    const object = state.scene.objects.find(({ name }) => name === of)!;
    if (Math.hypot(...left) < closeEnough) continue;
    return toAction(pushStep(pusher, { shape: shapeOf(object), position: positions[of]!, angle: angles[of]! }, left));
  }
  return new Float32Array(2);
}

/** Who should go where: of a region, its nearest place well inside. The expert does not turn things for their own sake. */
function placeFor(predicate: Predicate, positions: Readonly<Record<string, Point>>): Goal | null {
  if ('near' in predicate) return predicate.near;
  if ('pose' in predicate) return predicate.pose;
  if (!('inside' in predicate)) return null;
  const [object, region] = predicate.inside;
  const [x, y] = positions[object]!;
  if ('radius' in region) {
    const [dx, dy] = subtract([x, y], region.centre);
    const distance = Math.hypot(dx, dy);
    const share = Math.min(1, Math.max(0, region.radius - insideEdge) / Math.max(distance, 1e-9));
    return [object, [region.centre[0] + share * dx, region.centre[1] + share * dy]];
  }
  const within = (value: number, [low, high]: Range): number => {
    const inset = Math.min(insideEdge, (high - low) / 2);
    return Math.min(high - inset, Math.max(low + inset, value));
  };
  return [object, [within(x, region.x), within(y, region.y)]];
}

/** The pusher's next displacement that brings the object on along `left`, the way it still has to go. */
function pushStep(pusher: Point, object: Body, left: Vector): Vector {
  const relative = subtract(pusher, object.position);
  const useful = approachesOf(object.shape, object.angle, left).filter(
    ({ direction }) => dot(direction, left) > closeEnough / 2,
  );
  let best: Approach | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const approach of useful) {
    const place = behind(object.position, approach, standoff);
    if (!onTable(place)) continue;
    const way = roomFor(approach, object, useful, left);
    if (way < closeEnough / 2) continue;
    if (isBehind(relative, approach)) return push(relative, approach, way);
    // Where the ways are alike the longer push goes first.
    const cost = wayAround(pusher, place, object) - 0.5 * way;
    if (cost < bestCost) [best, bestCost] = [approach, cost];
  }
  if (best === null) {
    best = crookedApproach(object.shape, object.angle, left);
    if (isBehind(relative, best)) return push(relative, best, Math.min(crookedWay, Math.hypot(...left)));
  }
  return walk(pusher, behind(object.position, best, standoff), object);
}

/** How far to push: as far as is left this way, but not to where a wall would bar the way around to another push. */
function roomFor(approach: Approach, { position, shape }: Body, useful: readonly Approach[], left: Vector): number {
  const { direction } = approach;
  let way = dot(direction, left);
  for (const other of useful) {
    if (other === approach) continue;
    const place = behind(position, other, detourRadius(shape) - other.contact);
    for (const axis of [0, 1] as const) {
      const limit = direction[axis] > 0 ? 1 - pusherRadius : pusherRadius;
      const room = (limit - place[axis]) / direction[axis];
      if (room >= 0) way = Math.min(way, room);
    }
  }
  return way;
}

/** In front of the right face, near the line through the object's centre. */
function isBehind(relative: Vector, { direction, contact }: Approach): boolean {
  const along = -dot(relative, direction);
  const across = Math.abs(cross(direction, relative));
  return along > contact - 0.01 && along < contact + 0.03 && across < lateralTolerance;
}

/**
 * A push by `distance`. Off the centre line by y, the object turns away and y grows as exp(k s) with the way s;
 * moving across by -k y / (1 - exp(-k s)) for each unit of way brings y to zero at the push's end.
 */
function push(relative: Vector, { direction, contact, instability }: Approach, distance: number): Vector {
  const gap = Math.max(0, -dot(relative, direction) - contact);
  const along = Math.min(maxDisplacement, gap + distance);
  const pushed = Math.max(1e-3, along - gap);
  const offset = cross(direction, relative);
  const across = (-instability * offset * pushed) / (1 - Math.exp(-instability * pushed));
  return [direction[0] * along - direction[1] * across, direction[1] * along + direction[0] * across];
}

/** Where the pusher stands to push, `gap` away from touching. */
function behind(position: Point, { direction, contact }: Approach, gap: number): Point {
  return [position[0] - direction[0] * (contact + gap), position[1] - direction[1] * (contact + gap)];
}

/** A displacement towards a place without touching the object: straight, or along a circle around it. */
function walk(pusher: Point, place: Point, object: Body): Vector {
  if (!isBlocked(pusher, place, object)) return subtract(place, pusher);
  const { radius, distance, heading, turn } = detour(pusher, place, object);
  const tangent = Math.acos(Math.min(1, radius / distance));
  const arc = Math.min(Math.abs(turn), Math.max(tangent, maxDisplacement / radius));
  return subtract(onCircle(object.position, radius, heading + Math.sign(turn) * arc), pusher);
}

/** Length of the way: straight, or by the tangent to a circle around the object, along it, and in to the place. */
function wayAround(pusher: Point, place: Point, object: Body): number {
  if (!isBlocked(pusher, place, object)) return Math.hypot(...subtract(place, pusher));
  const { radius, distance, turn } = detour(pusher, place, object);
  const outside = Math.max(distance, radius);
  const tangent = Math.sqrt(outside * outside - radius * radius);
  const arc = Math.max(0, Math.abs(turn) - Math.acos(radius / outside)) * radius;
  const inwards = Math.max(0, radius - Math.hypot(...subtract(place, object.position)));
  return tangent + arc + inwards + (outside - distance);
}

interface Detour {
  readonly radius: number;
  /** The pusher's, from the circle's centre. */
  readonly distance: number;
  readonly heading: number;
  /** From the pusher's heading to the place's: the shorter side, or the longer where a wall bars the shorter. */
  readonly turn: number;
}

/** The way on a circle around the object. */
function detour(pusher: Point, place: Point, { shape, position }: Body): Detour {
  const from = subtract(pusher, position);
  const to = subtract(place, position);
  const radius = detourRadius(shape);
  const heading = Math.atan2(from[1], from[0]);
  const short = Math.atan2(cross(from, to), dot(from, to));
  const long = short - (Math.sign(short) || 1) * 2 * Math.PI;
  const free = [short, long].find((turn) =>
    [0.25, 0.5, 0.75].every((share) => onTable(onCircle(position, radius, heading + share * turn))),
  );
  return { radius, distance: Math.hypot(...from), heading, turn: free ?? short };
}

function detourRadius({ reach }: Shape): number {
  return reach + pusherRadius + berth;
}

function onCircle([x, y]: Point, radius: number, angle: number): Point {
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}

function isBlocked(from: Point, to: Point, { shape, position, angle }: Body): boolean {
  const samples = 12;
  for (let i = 1; i <= samples; i++) {
    const centre: Point = [from[0] + ((to[0] - from[0]) * i) / samples, from[1] + ((to[1] - from[1]) * i) / samples];
    const reached = { centre, radius: pusherRadius + standoff / 2 };
    if (overlapsRegion(reached, shape, position[0], position[1], angle)) return true;
  }
  return false;
}

/** Cut to what one action can do; the direction is kept. */
function toAction([x, y]: Vector): Float32Array {
  const shrink = Math.max(maxDisplacement, Math.abs(x), Math.abs(y));
  return Float32Array.of(x / shrink, y / shrink);
}

function onTable([x, y]: Point): boolean {
  const [low, high] = [pusherRadius, 1 - pusherRadius];
  return x >= low && x <= high && y >= low && y <= high;
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1];
}

function cross(a: Vector, b: Vector): number {
  return a[0] * b[1] - a[1] * b[0];
}

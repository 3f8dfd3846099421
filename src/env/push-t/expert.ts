import type { Environment } from '../../core/contracts.ts';
import type { Point } from '../../core/task.ts';
import { distanceToPolygon, placePolygon } from '../regions.ts';
import { resolveTask } from '../resolve-task.ts';
import { actionFor } from './drive.ts';
import { blockShape, fieldSize, pusherRange, pusherUnits } from './field.ts';
import { goalPose, pusherGoal } from './goals.ts';
import { blockPose } from './poses.ts';
import { decodeState, targetNamesOf } from './state.ts';

/** All lengths here are in units of 512, angles in radians. */
interface Placed {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** A place on the T's edge to push at, and the motion that a unit of pushing there gives the T. */
interface Push {
  readonly x: number;
  readonly y: number;
  /** Into the T. */
  readonly normalX: number;
  readonly normalY: number;
  /** Radians a unit of the contact's way along the normal, and the T's own way for it. */
  readonly turn: number;
  readonly slide: number;
}

/** Done within so many units, and an angle that counts as such a length at this distance. */
const closeEnough = 4;
const lever = 54;
/** Places on the edge are this far apart, and as far from its ends. */
const spacing = 5;
/** Left between pusher and T before a push, and around the T on the way there. */
const standoff = 3;
const berth = 6;
/** How far off a place to push from the pusher may be, across the push. */
const lateral = 6;
/** What a unit of way around the T costs, in units of error that a push takes away. */
const wayCost = 0.05;
/** And what it costs to give up a push for another. */
const switchCost = 6;
/** Longest move in a control step, when walking and when pushing. */
const stride = 32;
const pushStride = 14;

const gyrationSquared = blockShape.gyrationSquared * fieldSize ** 2;

/**
 * The next action of a script that reads the true state: at the place on the T's edge where a frictionless push takes
 * away most of the error of its pose (Lynch and Mason, 1996, for how a push moves it), push; to get there, go around it;
 * with the pose right, send the pusher to its own goal. One push after the other, with no thought of the next.
 * @returns [2], in units of the action space; zero where the task asks for no pose
 */
export function pushTExpert(environment: Environment): Float32Array {
  const { task } = environment;
  const state = decodeState(environment.getState(), targetNamesOf(task));
  const { success } = resolveTask(task, {
    ...state,
    objects: task.scene.objects.map(({ name }) => ({ name, shape: 't' })),
  });
  const [x, y, speedX, speedY] = Array.from(state.bodies, (value) => value * fieldSize) as [
    number,
    number,
    number,
    number,
  ];
  const act = ([wayX, wayY]: Point, longest: number): Float32Array => {
    const share = Math.min(1, longest / Math.max(1e-9, Math.hypot(wayX, wayY)));
    return Float32Array.of(clip(actionFor(wayX * share, speedX)), clip(actionFor(wayY * share, speedY)));
  };
  const block = inUnits(blockPose(state.bodies));
  const goal = goalPose(success, task.scene.objects[0]!.name, state.targets);
  const wanted = goal === null ? block : inUnits(goal);
  const left = { x: wanted.x - block.x, y: wanted.y - block.y, angle: wrap(wanted.angle - block.angle) };
  if (Math.hypot(left.x, left.y, lever * left.angle) < closeEnough) {
    const rest = pusherGoal(success, state.targets);
    const to: Point = rest === null ? [x, y] : [rest[0] * fieldSize, rest[1] * fieldSize];
    return act(wayTo([x, y], to, block), stride);
  }
  let best: { readonly push: Push; readonly way: number } | null = null;
  let bestWorth = Number.NEGATIVE_INFINITY;
  for (const push of pushesOf(block)) {
    const motion = Math.hypot(push.slide, lever * push.turn);
    const gain =
      (push.slide * (push.normalX * left.x + push.normalY * left.y) + lever ** 2 * push.turn * left.angle) / motion;
    const from = behind(push, standoff);
    if (gain <= 1 || !inField(from)) continue;
    const worth = gain - (isStanding([x, y], push) ? 0 : switchCost + wayCost * wayAround([x, y], from, block));
    if (worth > bestWorth) [best, bestWorth] = [{ push, way: gain / motion }, worth];
  }
  if (best === null) return act([0, 0], stride);
  const { push, way } = best;
  if (isStanding([x, y], push)) {
    const [alongGap, across] = standing([x, y], push);
    const along = Math.max(0, alongGap) + Math.min(way, pushStride);
    // Back to the line of the push while at it.
    return act([push.normalX * along + push.normalY * across, push.normalY * along - push.normalX * across], stride);
  }
  return act(wayTo([x, y], behind(push, standoff), block), stride);
}

/** Places on the edge that a pusher can stand at, and what pushing there does. */
function pushesOf(block: Placed): Push[] {
  const pushes: Push[] = [];
  const outline = placePolygon(
    blockShape.outline,
    block.x / fieldSize,
    block.y / fieldSize,
    Math.cos(block.angle),
    Math.sin(block.angle),
  ).map((value) => value * fieldSize);
  for (let i = 0; i < outline.length; i += 2) {
    const j = (i + 2) % outline.length;
    const [edgeX, edgeY] = [outline[j]! - outline[i]!, outline[j + 1]! - outline[i + 1]!];
    const length = Math.hypot(edgeX, edgeY);
    // Clockwise with y down: the inside of an edge lies towards (-y, x).
    const [normalX, normalY] = [-edgeY / length, edgeX / length];
    for (let along = spacing; along <= length - spacing; along += spacing) {
      const [x, y] = [outline[i]! + (edgeX * along) / length, outline[i + 1]! + (edgeY * along) / length];
      const from: Point = [x - normalX * pusherUnits, y - normalY * pusherUnits];
      if (gapTo(from, block) < -0.5) continue;
      const arm = (x - block.x) * normalY - (y - block.y) * normalX;
      const slide = 1 / (1 + (arm * arm) / gyrationSquared);
      pushes.push({ x, y, normalX, normalY, slide, turn: (slide * arm) / gyrationSquared });
    }
  }
  return pushes;
}

/** Between the pusher's border and the T's; negative where they overlap. */
function gapTo([x, y]: Point, block: Placed): number {
  const [cos, sin] = [Math.cos(block.angle), Math.sin(block.angle)];
  const gaps = blockShape.parts.map((part) => {
    const placed = placePolygon(part, block.x / fieldSize, block.y / fieldSize, cos, sin);
    return distanceToPolygon(placed, x / fieldSize, y / fieldSize) * fieldSize;
  });
  return Math.min(...gaps) - pusherUnits;
}

function behind({ x, y, normalX, normalY }: Push, gap: number): Point {
  return [x - normalX * (pusherUnits + gap), y - normalY * (pusherUnits + gap)];
}

/** How far before touching a pusher is, and how far off the line of the push. */
function standing([x, y]: Point, push: Push): [along: number, across: number] {
  const [dx, dy] = [push.x - x, push.y - y];
  return [dx * push.normalX + dy * push.normalY - pusherUnits, dx * push.normalY - dy * push.normalX];
}

function isStanding(pusher: Point, push: Push): boolean {
  const [along, across] = standing(pusher, push);
  return along > -2 && along < 12 && Math.abs(across) < lateral;
}

/** The way towards a place without touching the T: straight, or by a circle around it. */
function wayTo(from: Point, to: Point, block: Placed): Point {
  if (!isBlocked(from, to, block)) return [to[0] - from[0], to[1] - from[1]];
  const { radius, distance, heading, turn } = detour(from, to, block);
  // From inside the circle, outwards first.
  const step =
    distance < radius - berth
      ? 0.05
      : Math.min(Math.abs(turn), Math.max(Math.acos(Math.min(1, radius / distance)), 0.35));
  const angle = heading + Math.sign(turn) * step;
  return [block.x + radius * Math.cos(angle) - from[0], block.y + radius * Math.sin(angle) - from[1]];
}

/** Length of that way. */
function wayAround(from: Point, to: Point, block: Placed): number {
  const straight = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (!isBlocked(from, to, block)) return straight;
  const { radius, distance, turn } = detour(from, to, block);
  return Math.abs(distance - radius) + Math.abs(turn) * radius;
}

function detour(from: Point, to: Point, block: Placed) {
  const [fromX, fromY, toX, toY] = [from[0] - block.x, from[1] - block.y, to[0] - block.x, to[1] - block.y];
  const radius = blockShape.reach * fieldSize + pusherUnits + berth;
  const heading = Math.atan2(fromY, fromX);
  const short = Math.atan2(fromX * toY - fromY * toX, fromX * toX + fromY * toY);
  const long = short - (Math.sign(short) || 1) * 2 * Math.PI;
  const free = [short, long].find((turn) =>
    [0.25, 0.5, 0.75].every((share) => {
      const angle = heading + share * turn;
      return inField([block.x + radius * Math.cos(angle), block.y + radius * Math.sin(angle)]);
    }),
  );
  return { radius, distance: Math.hypot(fromX, fromY), heading, turn: free ?? short };
}

function isBlocked(from: Point, to: Point, block: Placed): boolean {
  const samples = 12;
  for (let i = 1; i <= samples; i++) {
    const point: Point = [from[0] + ((to[0] - from[0]) * i) / samples, from[1] + ((to[1] - from[1]) * i) / samples];
    if (gapTo(point, block) < (i > 0.7 * samples ? -1 : standoff / 2)) return true;
  }
  return false;
}

function inField(point: Point): boolean {
  return point.every((value) => value >= pusherRange.low && value <= pusherRange.high);
}

function inUnits({ position: [x, y], angle }: { readonly position: Point; readonly angle: number }): Placed {
  return { x: x * fieldSize, y: y * fieldSize, angle };
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

function clip(value: number): number {
  return Math.min(1, Math.max(-1, value));
}

import { UsageError, unknownName } from '../../core/errors.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { Point, TargetSpec, TaskSpec } from '../../core/task.ts';
import { judge } from '../predicates.ts';
import { distanceToRegion } from '../regions.ts';
import { resolveTask } from '../resolve-task.ts';
import { dotStd, fieldHigh, fieldLow, fieldSize, type TwoRoomsLayout, wallHalfWidth } from './field.ts';
import { drawLayout } from './play.ts';

/** What a reset decides. */
export interface TwoRoomsEpisode {
  readonly layout: TwoRoomsLayout;
  /** Where the dot starts, pixels. */
  readonly start: Point;
  /** Field widths. */
  readonly targets: Readonly<Record<string, Point>>;
}

/** Starts and goals keep two standard deviations of the dot from every wall. */
const margin = 2 * dotStd;
const attempts = 10_000;

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Draws an episode as eb_jepa does: wall and door at random, the start uniformly in one room and the targets in
 * the other, either way round. A target with coordinates stays there, and the dot starts in the other room.
 * @throws UsageError where no draw out of many fits the task.
 */
export function sampleEpisode(task: TaskSpec, seed: number): TwoRoomsEpisode {
  const rng = createRng(seed, 'two-rooms');
  for (let attempt = 0; attempt < attempts; attempt++) {
    const layout = drawLayout(rng);
    const side = startSide(task, layout, rng);
    const start = pointIn(room(layout, side), rng);
    const targets = drawTargets(task, toFieldWidths(start), room(layout, side === -1 ? 1 : -1), rng);
    if (targets === null) continue;
    const truth = { positions: { pusher: toFieldWidths(start) }, angles: { pusher: 0 }, targets };
    if (!judge(resolveTask(task, { targets }).success, truth).holds) return { layout, start, targets };
  }
  throw new UsageError(
    `task '${task.id}': no placement found in ${attempts} draws. A target is never in a room, or the task is ` +
      'solved from the start.',
  );
}

export function toFieldWidths([x, y]: Point): Point {
  return [x / fieldSize, y / fieldSize];
}

export function toPixels([x, y]: Point): Point {
  return [x * fieldSize, y * fieldSize];
}

function startSide({ scene }: TaskSpec, { wallX }: TwoRoomsLayout, rng: Rng): -1 | 1 {
  const coin = rng.chance(0.5);
  for (const spec of Object.values(scene.targets ?? {})) {
    if ('at' in spec && isPoint(spec.at)) return toPixels(spec.at)[0] > wallX ? -1 : 1;
  }
  return coin ? -1 : 1;
}

/** Where a room lets dots start. */
function room({ wallX }: TwoRoomsLayout, side: -1 | 1): Rectangle {
  const [low, high] = [fieldLow + margin, fieldHigh - margin];
  const face = wallX + side * (wallHalfWidth + margin);
  return { left: side < 0 ? low : face, right: side < 0 ? face : high, top: low, bottom: high };
}

function pointIn({ left, right, top, bottom }: Rectangle, rng: Rng): Point {
  return [Math.fround(rng.between(left, right)), Math.fround(rng.between(top, bottom))];
}

function drawTargets({ scene }: TaskSpec, pusher: Point, opposite: Rectangle, rng: Rng): Record<string, Point> | null {
  const drawn: Record<string, Point> = {};
  for (const [name, spec] of Object.entries(scene.targets ?? {})) {
    const point = drawTarget(spec, { pusher, ...drawn }, opposite, rng);
    if (point === null) return null;
    drawn[name] = point;
  }
  return drawn;
}

/** One point, or null where this draw does not fit. */
function drawTarget(
  spec: TargetSpec,
  known: Readonly<Record<string, Point>>,
  opposite: Rectangle,
  rng: Rng,
): Point | null {
  const pointNamed = (name: string): Point => {
    const point = known[name];
    if (point === undefined) throw unknownName('start of a target', name, Object.keys(known));
    return point;
  };
  if ('between' in spec) {
    const { between, fraction = 0.5 } = spec;
    const [from, to] = [pointNamed(between[0]), pointNamed(between[1])];
    return [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
  }
  if ('at' in spec && isPoint(spec.at)) {
    const [x, y] = toPixels(spec.at);
    return x >= opposite.left && x <= opposite.right && y >= opposite.top && y <= opposite.bottom ? spec.at : null;
  }
  const point = toFieldWidths(pointIn(opposite, rng));
  if ('at' in spec) return distanceToRegion(spec.at as Exclude<typeof spec.at, Point>, point) === 0 ? point : null;
  const isWithin = (name: string): boolean => {
    const [x, y] = pointNamed(name);
    const distance = Math.hypot(point[0] - x, point[1] - y);
    return distance >= spec.distance[0] && distance <= spec.distance[1];
  };
  return [spec.from].flat().every(isWithin) ? point : null;
}

function isPoint(value: Point | object): value is Point {
  return Array.isArray(value);
}

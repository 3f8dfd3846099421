import { unknownName } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import type { Point, Range, SceneSpec, TargetSpec, TaskSpec } from '../../core/task.ts';
import { distance, isClear, onTable, type Placed, pointInRegion } from './placement.ts';

/** Which entity each target is meant for: the success predicates say so. */
export function targetOwners(task: TaskSpec): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const predicate of allPredicates(task)) {
    const placed = 'near' in predicate ? predicate.near : 'pose' in predicate ? predicate.pose : null;
    if (placed !== null && typeof placed[1] === 'string') owners.set(placed[1], placed[0]);
  }
  return owners;
}

/** All that success speaks of, in the order in which it is to be fulfilled. */
export function allPredicates({ success: { after = [], all } }: Pick<TaskSpec, 'success'>): TaskSpec['success']['all'] {
  return [...after.flat(), ...all];
}

/** How large a region success has around a target: all of it must be on the table. */
function regionRadii(task: TaskSpec): ReadonlyMap<string, number> {
  const radii = new Map<string, number>();
  for (const predicate of allPredicates(task)) {
    if (!('inside' in predicate)) continue;
    const [, region] = predicate.inside;
    if ('radius' in region && typeof region.centre === 'string') radii.set(region.centre, region.radius);
  }
  return radii;
}

export interface TargetDraw {
  readonly task: TaskSpec;
  /** Everything that is on the table, by name, `pusher` among it. */
  readonly entities: ReadonlyMap<string, Placed>;
  readonly owners: ReadonlyMap<string, string>;
  /** Room around an object at its goal, and around the pusher and mere places at theirs. */
  readonly room: { readonly object: number; readonly other: number };
  /** Between a goal and what else is there. */
  readonly gap: number;
}

/** Draws the named points in the order they are written; the name of the first that finds no place instead. */
export function drawTargets(draw: TargetDraw, rng: Rng): Readonly<Record<string, Point>> | string {
  const { task, entities, owners, room, gap } = draw;
  const drawn: Record<string, Point> = {};
  const goals: Placed[] = [];
  const radii = regionRadii(task);
  for (const [name, spec] of Object.entries(task.scene.targets ?? {})) {
    const owner = entities.get(owners.get(name) ?? '');
    const reach = owner?.reach ?? 0;
    const isObject = owner !== undefined && owners.get(name) !== 'pusher';
    // An object's goal must be clear of the other objects, the pusher's of all of them.
    const others = [...entities].flatMap(([other, placed]) => (other === 'pusher' || placed === owner ? [] : [placed]));
    const obstacles = owner === undefined ? [] : [...others, ...goals];
    const margin = Math.max(reach + (isObject ? room.object : room.other), radii.get(name) ?? 0);
    const point = drawTarget(spec, {
      pointNamed: (other) => pointNamed(other, entities, drawn),
      fits: (at) => onTable(at, margin) && isClear(at, reach, obstacles, gap),
      margin,
      rng,
    });
    if (point === null) return name;
    drawn[name] = point;
    if (isObject) goals.push({ position: point, reach });
  }
  return drawn;
}

/** The headings of those targets that have one, radians. */
export function drawTargetAngles({ targets = {} }: SceneSpec, rng: Rng): Record<string, number> {
  const angled = Object.entries(targets).filter(([, { angle }]) => angle !== undefined);
  return Object.fromEntries(angled.map(([name, { angle }]) => [name, drawAngle(angle!, rng)]));
}

export function drawAngle(angle: number | Range, rng: Rng): number {
  return typeof angle === 'number' ? angle : rng.between(...angle);
}

interface OneTarget {
  readonly pointNamed: (name: string) => Point;
  readonly fits: (point: Point) => boolean;
  /** Least distance from the walls. */
  readonly margin: number;
  readonly rng: Rng;
}

function drawTarget(spec: TargetSpec, { pointNamed, fits, margin, rng }: OneTarget): Point | null {
  if ('between' in spec) {
    const { between, fraction = 0.5 } = spec;
    const [from, to] = between.map(pointNamed) as [Point, Point];
    return [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
  }
  if ('at' in spec && isPoint(spec.at)) return spec.at;
  const draw = 'at' in spec ? () => pointInRegion(rng, spec.at as never, margin) : () => drawAround(spec);
  for (let attempt = 0; attempt < 50; attempt++) {
    const point = draw();
    if (point !== null && fits(point)) return point;
  }
  return null;

  /** At a distance from the first entity; the others hold it to theirs. */
  function drawAround({ from, distance: [least, most] }: Extract<TargetSpec, { from: unknown }>): Point | null {
    const [first, ...others] = [from].flat().map(pointNamed) as [Point, ...Point[]];
    const radius = rng.between(least, most);
    const heading = rng.between(-Math.PI, Math.PI);
    const point: Point = [first[0] + radius * Math.cos(heading), first[1] + radius * Math.sin(heading)];
    const isWithin = (length: number): boolean => length >= least && length <= most;
    return others.every((other) => isWithin(distance(point, other))) ? point : null;
  }
}

function pointNamed(
  name: string,
  entities: ReadonlyMap<string, Placed>,
  drawn: Readonly<Record<string, Point>>,
): Point {
  const point = entities.get(name)?.position ?? drawn[name];
  if (point === undefined) throw unknownName('start of a target', name, [...entities.keys(), ...Object.keys(drawn)]);
  return point;
}

function isPoint(value: Point | object): value is Point {
  return Array.isArray(value);
}

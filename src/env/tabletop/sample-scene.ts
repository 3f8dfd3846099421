import { UsageError, unknownName } from '../../core/errors.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { ColourName, ObjectSpec, Point, SceneSpec, TargetSpec, TaskSpec } from '../../core/task.ts';
import { createGuardrailWatch, judge, resolveTask } from '../predicates.ts';
import { palette } from './palette.ts';
import { isClear, onTable, type Placed, pointInRegion, pointOnTable } from './placement.ts';
import { type Pose, type SampledScene, type SceneObject, shapeOf } from './scene.ts';
import { createPusherShape, pusherRadius, type Shape } from './shapes.ts';
import type { VariationSampler } from './variation.ts';

/** Free room, in table widths, between bodies at the start. */
const gap = 0.02;
/** Room for the pusher between an object that has a goal and the wall, at the start and at the goal. */
const pushingRoom = 2 * pusherRadius + 0.01;
const sceneAttempts = 400;

export interface SampleSceneOptions {
  readonly task: TaskSpec;
  readonly variation: VariationSampler;
  readonly seed: number;
}

/**
 * Draws an episode by rejection: bodies apart from each other, goals on the table, not reached yet, and where the
 * pusher fits behind the object from every side; no guardrail broken at the start or by reaching the goal.
 * @throws UsageError where no draw out of many fits.
 */
export function sampleScene({ task, variation, seed }: SampleSceneOptions): SampledScene {
  const stream = (name: string): Rng => createRng(seed, 'tabletop', name);
  const count = variation.objectCount(stream('object-count'));
  const specs = task.scene.objects.slice(0, count);
  const objects = drawObjects(specs, stream, variation);
  const look = {
    objects,
    frictionScale: variation.friction(stream('friction')),
    tableColour: variation.tableColour(stream('table-colour')),
    pusherColour: variation.pusherColour(stream('pusher-colour')),
  };
  const shapes = objects.map(shapeOf);
  const owners = targetOwners(task);
  const rng = stream('layout');
  for (let attempt = 0; attempt < sceneAttempts; attempt++) {
    const poses = drawPoses(specs, shapes, new Set(owners.values()), rng);
    if (poses === null) continue;
    const placed = poses.map(({ position }, i) => ({ position, reach: shapes[i]!.reach }));
    const pusher = pointOnTable(rng, pusherRadius + gap);
    if (!isClear(pusher, pusherRadius, placed, gap)) continue;
    const entities = new Map<string, Placed>([['pusher', { position: pusher, reach: pusherRadius }]]);
    for (const [i, each] of placed.entries()) entities.set(objects[i]!.name, each);
    const targets = drawTargets(task.scene, entities, owners, rng);
    if (targets === null) continue;
    const scene = { ...look, targets };
    if (isFairStart(task, { scene, pusher, poses }, owners)) return { scene, pusher, poses };
  }
  throw new UsageError(
    `task '${task.id}': no placement found in ${sceneAttempts} draws. The table is too crowded, a target is too ` +
      'far or too near, the task is solved from the start, or a guardrail is broken from the start or at the goal.',
  );
}

/** Which entity each target is meant for: the success predicates say so. */
export function targetOwners(task: TaskSpec): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const predicate of task.success.all) {
    if ('near' in predicate && typeof predicate.near[1] === 'string') owners.set(predicate.near[1], predicate.near[0]);
  }
  return owners;
}

function drawObjects(
  specs: readonly ObjectSpec[],
  stream: (name: string) => Rng,
  variation: VariationSampler,
): SceneObject[] {
  const shapeRng = stream('shapes');
  const colourRng = stream('colours');
  const sizeRng = stream('sizes');
  const massRng = stream('masses');
  const taken = new Set<ColourName>();
  return specs.map(({ name, shape, colour }) => {
    const colours = typeof colour === 'string' ? [colour] : colour;
    const free = colours.filter((each) => !taken.has(each));
    const chosen = colourRng.pick(free.length > 0 ? free : colours);
    taken.add(chosen);
    return {
      name,
      shape: typeof shape === 'string' ? shape : shapeRng.pick(shape),
      colour: palette[chosen],
      sizeScale: variation.size(sizeRng),
      massScale: variation.mass(massRng),
    };
  });
}

/** Places the objects one after the other; null where one finds no room. */
function drawPoses(
  specs: readonly ObjectSpec[],
  shapes: readonly Shape[],
  withGoal: ReadonlySet<string>,
  rng: Rng,
): Pose[] | null {
  const poses: Pose[] = [];
  const placed: Placed[] = [];
  for (let i = 0; i < specs.length; i++) {
    const { name, at, angle } = specs[i]!;
    const { reach, radius } = shapes[i]!;
    const position = drawPosition(at, reach, withGoal.has(name) ? pushingRoom : gap, placed, rng);
    if (position === null) return null;
    placed.push({ position, reach });
    // A disc looks the same however it is turned, and frictionless pushes never turn it.
    const drawn = angle === undefined ? rng.between(-Math.PI, Math.PI) : drawAngle(angle, rng);
    poses.push({ position, angle: radius === null ? drawn : 0 });
  }
  return poses;
}

function drawPosition(
  at: ObjectSpec['at'],
  reach: number,
  room: number,
  placed: readonly Placed[],
  rng: Rng,
): Point | null {
  for (let attempt = 0; attempt < 50; attempt++) {
    const position =
      at === undefined ? pointOnTable(rng, reach + room) : isPoint(at) ? at : pointInRegion(rng, at, reach);
    if (position !== null && onTable(position, reach) && isClear(position, reach, placed, gap)) return position;
    if (at !== undefined && isPoint(at)) return null;
  }
  return null;
}

function drawAngle(angle: number | readonly [number, number], rng: Rng): number {
  return typeof angle === 'number' ? angle : rng.between(...angle);
}

/** Draws the named points in the order they are written; null where one finds no place. */
function drawTargets(
  { targets = {} }: SceneSpec,
  entities: ReadonlyMap<string, Placed>,
  owners: ReadonlyMap<string, string>,
  rng: Rng,
): Record<string, Point> | null {
  const drawn: Record<string, Point> = {};
  const goals: Placed[] = [];
  for (const [name, spec] of Object.entries(targets)) {
    const owner = entities.get(owners.get(name) ?? '');
    const reach = owner?.reach ?? 0;
    const isObject = owner !== undefined && owners.get(name) !== 'pusher';
    // An object's goal must be clear of the other objects, the pusher's of all of them.
    const others = [...entities].flatMap(([other, placed]) => (other === 'pusher' || placed === owner ? [] : [placed]));
    const obstacles = owner === undefined ? [] : [...others, ...goals];
    const point = drawTarget(spec, reach + (isObject ? pushingRoom : gap), reach, obstacles, entities, drawn, rng);
    if (point === null) return null;
    drawn[name] = point;
    if (isObject) goals.push({ position: point, reach });
  }
  return drawn;
}

function drawTarget(
  spec: TargetSpec,
  margin: number,
  reach: number,
  obstacles: readonly Placed[],
  entities: ReadonlyMap<string, Placed>,
  drawn: Readonly<Record<string, Point>>,
  rng: Rng,
): Point | null {
  const pointNamed = (name: string): Point => {
    const point = entities.get(name)?.position ?? drawn[name];
    if (point === undefined) throw unknownName('start of a target', name, [...entities.keys(), ...Object.keys(drawn)]);
    return point;
  };
  if ('between' in spec) {
    const { between, fraction = 0.5 } = spec;
    const [from, to] = between.map(pointNamed) as [Point, Point];
    return [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
  }
  if ('at' in spec && isPoint(spec.at)) return spec.at;
  for (let attempt = 0; attempt < 50; attempt++) {
    const point =
      'at' in spec
        ? pointInRegion(rng, spec.at as Exclude<typeof spec.at, Point>, margin)
        : pointAround(pointNamed(spec.from), rng.between(...spec.distance), rng.between(-Math.PI, Math.PI));
    if (point !== null && onTable(point, margin) && isClear(point, reach, obstacles, gap)) return point;
  }
  return null;
}

function pointAround([x, y]: Point, radius: number, angle: number): Point {
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}

function isFairStart(
  task: TaskSpec,
  { scene, pusher, poses }: SampledScene,
  owners: ReadonlyMap<string, string>,
): boolean {
  const { success, guardrails } = resolveTask(task, scene.targets);
  const names = ['pusher', ...scene.objects.map(({ name }) => name)];
  const start: Pose[] = [{ position: pusher, angle: 0 }, ...poses];
  const goal = start.map((pose, i) => {
    const target = [...owners].find(([, owner]) => owner === names[i])?.[0];
    return target === undefined ? pose : { ...pose, position: scene.targets[target] ?? pose.position };
  });
  const positions = Object.fromEntries(names.map((name, i) => [name, start[i]!.position]));
  if (judge(success, { positions, angles: {}, targets: scene.targets }).holds) return false;
  const outlines = [createPusherShape(), ...scene.objects.map(shapeOf)];
  const watch = createGuardrailWatch(
    guardrails,
    names.map((name, i) => ({ name, outline: outlines[i]! })),
  );
  for (const arrangement of [start, goal]) {
    watch.look(
      arrangement.flatMap(({ position, angle }) => [...position, angle]),
      3,
    );
  }
  return watch.take().length === 0;
}

function isPoint(value: Point | object): value is Point {
  return Array.isArray(value);
}

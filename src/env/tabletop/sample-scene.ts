import { UsageError, unknownName } from '../../core/errors.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { ColourName, ObjectSpec, Point, TaskSpec } from '../../core/task.ts';
import { unfairness } from './fair-start.ts';
import { drawHands } from './hands.ts';
import { palette } from './palette.ts';
import { isClear, onTable, type Placed, pointInRegion, pointOnTable } from './placement.ts';
import { allPredicates, drawAngle, drawTargetAngles, drawTargets, targetOwners } from './sample-targets.ts';
import { type Pose, type SampledScene, type SceneObject, shapeOf } from './scene.ts';
import { pusherRadius, type Shape } from './shapes.ts';
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
 * @throws UsageError where no draw out of many fits; it says what was wrong with most of them.
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
  const withGoal = objectsWithGoal(task, owners);
  const [rng, angleRng, handRng] = [stream('layout'), stream('target-angles'), stream('hands')];

  /** A scene, or in words why this one can't be. */
  const attempt = (): SampledScene | string => {
    const poses = drawPoses(specs, shapes, withGoal, rng);
    if (typeof poses === 'string') return `object '${poses}' found no room`;
    const placed = poses.map(({ position }, i) => ({ position, reach: shapes[i]!.reach }));
    const pusher = pointOnTable(rng, pusherRadius + gap);
    if (!isClear(pusher, pusherRadius, placed, gap)) return 'the pusher found no room';
    const entities = new Map<string, Placed>([['pusher', { position: pusher, reach: pusherRadius }]]);
    for (const [i, each] of placed.entries()) entities.set(objects[i]!.name, each);
    const room = { object: pushingRoom, other: gap };
    const targets = drawTargets({ task, entities, owners, room, gap }, rng);
    if (typeof targets === 'string') return `target '${targets}' found no place`;
    const targetAngles = drawTargetAngles(task.scene, angleRng);
    const hands = drawHands(task.scene.hands ?? [], targets, handRng);
    if (typeof hands === 'string') return `hand '${hands}' found no way to go`;
    const sample = { scene: { ...look, hands, targets, targetAngles }, pusher, poses };
    return unfairness(task, sample) ?? sample;
  };

  const failures = new Map<string, number>();
  for (let i = 0; i < sceneAttempts; i++) {
    const outcome = attempt();
    if (typeof outcome !== 'string') return outcome;
    failures.set(outcome, (failures.get(outcome) ?? 0) + 1);
  }
  const reasons = [...failures].sort(([, a], [, b]) => b - a).map(([reason, times]) => `${reason} (${times})`);
  throw new UsageError(`task '${task.id}': none of ${sceneAttempts} scenes drawn was fit: ${reasons.join(', ')}`);
}

/** The objects that success speaks of: the pusher has to get behind them. */
function objectsWithGoal(task: TaskSpec, owners: ReadonlyMap<string, string>): ReadonlySet<string> {
  const inRegions = allPredicates(task).flatMap((predicate) => ('inside' in predicate ? predicate.inside[0] : []));
  const names = inRegions.includes('objects') ? task.scene.objects.map(({ name }) => name) : inRegions;
  return new Set([...owners.values(), ...names]);
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
  // Fixed colours are not for others to draw.
  const taken = new Set<ColourName>(specs.flatMap(({ colour }) => (typeof colour === 'string' ? [colour] : [])));
  const colourOf = new Map<string, ColourName>();
  const drawColour = (colour: ObjectSpec['colour']): ColourName => {
    if (typeof colour === 'object' && 'sameAs' in colour) {
      const same = colourOf.get(colour.sameAs);
      if (same === undefined) throw unknownName('object before this one', colour.sameAs, [...colourOf.keys()]);
      return same;
    }
    const colours = typeof colour === 'string' ? [colour] : colour;
    const free = colours.filter((each) => !taken.has(each));
    return colourRng.pick(free.length > 0 ? free : colours);
  };
  return specs.map(({ name, shape, colour }) => {
    const chosen = drawColour(colour);
    taken.add(chosen);
    colourOf.set(name, chosen);
    return {
      name,
      shape: typeof shape === 'string' ? shape : shapeRng.pick(shape),
      colour: palette[chosen],
      sizeScale: variation.size(sizeRng),
      massScale: variation.mass(massRng),
    };
  });
}

/** Places the objects one after the other; the name of the first that finds no room instead. */
function drawPoses(
  specs: readonly ObjectSpec[],
  shapes: readonly Shape[],
  withGoal: ReadonlySet<string>,
  rng: Rng,
): Pose[] | string {
  const poses: Pose[] = [];
  const placed: Placed[] = [];
  for (let i = 0; i < specs.length; i++) {
    const { name, at, angle } = specs[i]!;
    const { reach, radius } = shapes[i]!;
    const position = drawPosition(at, reach, withGoal.has(name) ? pushingRoom : gap, placed, rng);
    if (position === null) return name;
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

function isPoint(value: Point | object): value is Point {
  return Array.isArray(value);
}

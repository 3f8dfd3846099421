import { UsageError } from '../../core/errors.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { Point, Region, TargetSpec, TaskSpec } from '../../core/task.ts';
import { judge } from '../predicates.ts';
import { distanceToRegion } from '../regions.ts';
import { resolveTask } from '../resolve-task.ts';
import { blockShape, fieldSize, pusherUnits } from './field.ts';
import { type PushTPhysics, physicsStateSize } from './physics.ts';
import { createPushTPlay } from './play.ts';
import { truthOf } from './poses.ts';
import type { PushTState } from './state.ts';

/** A target is where things are this many steps of play later. */
const stepsAhead = 25;
/** Steps of play before the episode starts, at most. */
const mostStepsBefore = 15;
const attempts = 500;
/** Where things may be at first, units. */
const pusherFrom = [50, 450] as const;
const blockFrom = [100, 400] as const;

/**
 * Draws an episode as LeWorldModel's evaluation does, from play that is drawn for it and that nothing is trained on:
 * it starts somewhere in a trajectory, and the targets are where the T (those with an angle) and the pusher are 25
 * steps later. What starts solved is drawn anew. A target with coordinates of its own, or an angle, keeps them; a
 * region, a range or a distance is what the draw has to lie in.
 * @param physics is used to play, and left in some state
 * @throws UsageError where no draw out of many fits the task
 */
export function sampleEpisode(task: TaskSpec, block: string, seed: number, physics: PushTPhysics): PushTState {
  const rng = createRng(seed, 'push-t');
  for (let attempt = 0; attempt < attempts; attempt++) {
    physics.write(placeAnywhere(rng));
    const play = createPushTPlay(rng.child('play', attempt));
    const go = (steps: number): void => {
      for (let step = 0; step < steps; step++) {
        const [x, y] = play.act(truthOf(physics.state, 'block', {})) as unknown as [number, number];
        physics.step(x, y);
      }
    };
    go(rng.integer(mostStepsBefore + 1));
    const bodies = physics.state.slice();
    if (Object.keys(task.scene.targets ?? {}).length > 0) go(stepsAhead);
    const drawn = drawTargets(task, block, bodies, physics.state);
    if (drawn === null) continue;
    const { success } = resolveTask(task, { ...drawn, objects: [{ name: block, shape: 't' }] });
    if (!judge(success, truthOf(bodies, block, drawn.targets)).holds) return { steps: 0, held: 0, bodies, ...drawn };
  }
  throw new UsageError(
    `task '${task.id}': no placement found in ${attempts} draws. A target is where nothing gets in ${stepsAhead} steps ` +
      'of play, or the task is solved from the start.',
  );
}

/** A state of the physics at rest, the pusher clear of the T. */
export function placeAnywhere(rng: Rng): Float64Array {
  const within = ([low, high]: readonly [number, number]): number => Math.fround(rng.between(low, high)) / fieldSize;
  const block = [within(blockFrom), within(blockFrom)] as const;
  const angle = Math.fround(rng.between(-Math.PI, Math.PI));
  const clear = blockShape.reach + pusherUnits / fieldSize;
  const bodies = new Float64Array(physicsStateSize);
  bodies.set([...block, angle], 4);
  do bodies.set([within(pusherFrom), within(pusherFrom)]);
  while (Math.hypot(bodies[0]! - block[0], bodies[1]! - block[1]) < clear);
  return bodies;
}

type Drawn = Pick<PushTState, 'targets' | 'targetAngles'>;

/** Null where this draw does not fit. */
function drawTargets(
  { scene: { targets: specs = {} } }: TaskSpec,
  block: string,
  start: ArrayLike<number>,
  end: ArrayLike<number>,
): Drawn | null {
  const [from, to] = [truthOf(start, block, {}), truthOf(end, block, {})];
  const targets: Record<string, Point> = {};
  const targetAngles: Record<string, number> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const whose = spec.angle !== undefined || ('from' in spec && spec.from === block) ? block : 'pusher';
    const drawn = to.positions[whose]!;
    if (!fits(spec, drawn, from.positions)) return null;
    targets[name] = 'at' in spec && isPoint(spec.at) ? spec.at : drawn;
    if (spec.angle === undefined) continue;
    const angle = to.angles[whose]!;
    if (typeof spec.angle === 'object' && (angle < spec.angle[0] || angle > spec.angle[1])) return null;
    targetAngles[name] = typeof spec.angle === 'number' ? spec.angle : angle;
  }
  return { targets, targetAngles };
}

function fits(spec: TargetSpec, drawn: Point, starts: Readonly<Record<string, Point>>): boolean {
  if ('between' in spec) throw new UsageError("push-t has no targets 'between' others: give 'at' or 'from'");
  if ('at' in spec) return isPoint(spec.at) || distanceToRegion(spec.at, drawn) === 0;
  return [spec.from].flat().every((name) => {
    const [x, y] = starts[name]!;
    const distance = Math.hypot(drawn[0] - x, drawn[1] - y);
    return distance >= spec.distance[0] && distance <= spec.distance[1];
  });
}

function isPoint(at: Point | Region): at is Point {
  return Array.isArray(at);
}

import { UsageError } from '../../core/errors.ts';
import { type Point, shapeNames, type TaskSpec } from '../../core/task.ts';
import type { Rgb } from '../rasteriser/rasteriser.ts';
import { bodyStateSize } from './rigid-body.ts';
import type { Scene } from './scene.ts';

/** All that decides an episode's future. */
export interface EpisodeState {
  readonly scene: Scene;
  /** Control steps taken. */
  readonly steps: number;
  /** Control steps in a row, up to now, after which the success predicates held. */
  readonly held: number;
  /** Lists of the success rule's `after` that have held. */
  readonly passed: number;
  /** Six numbers a body, the pusher first. */
  readonly bodies: Float64Array;
}

const format = 3;
const headerSize = 13;
const objectSize = 6;

/** Numbers in the state of a scene whose hands have so many corners in all. */
function stateSize(objects: number, targets: number, angles: number, hands: number, corners: number): number {
  return (
    headerSize + objects * objectSize + targets * 2 + angles + (objects + 1) * bodyStateSize + 2 * (hands + corners)
  );
}

/** Writes the scene too, so that the numbers mean the same to any environment of the same task. */
export function encodeState({ scene, steps, held, passed, bodies }: EpisodeState): Float64Array {
  const targets = Object.values(scene.targets);
  return Float64Array.of(
    format,
    steps,
    held,
    scene.frictionScale,
    ...scene.tableColour,
    ...scene.pusherColour,
    scene.objects.length,
    targets.length,
    passed,
    ...scene.objects.flatMap(({ shape, colour, sizeScale, massScale }) => [
      shapeNames.indexOf(shape),
      ...colour,
      sizeScale,
      massScale,
    ]),
    ...targets.flat(),
    ...Object.values(scene.targetAngles),
    ...bodies,
    ...scene.hands.flatMap(({ path, speed, start }) => [speed, start, ...path.flat()]),
  );
}

/**
 * @param task Its scene may hold more objects than the state, which has them from the first.
 * @throws UsageError where the numbers are not a state of such a task.
 */
export function decodeState(
  state: ArrayLike<number>,
  { scene: { objects: specs, targets: targetSpecs = {}, hands: handSpecs = [] }, success: { after = [] } }: TaskSpec,
): EpisodeState {
  const objectNames = specs.map(({ name }) => name);
  const targetNames = Object.keys(targetSpecs);
  const angledNames = targetNames.filter((name) => targetSpecs[name]!.angle !== undefined);
  const corners = handSpecs.reduce((sum, { path }) => sum + path.length, 0);
  const objectCount = state[10] ?? -1;
  const targetCount = state[11] ?? -1;
  const fits =
    state[0] === format &&
    objectCount >= 0 &&
    objectCount <= objectNames.length &&
    targetCount === targetNames.length &&
    state[12]! <= after.length &&
    state.length === stateSize(objectCount, targetCount, angledNames.length, handSpecs.length, corners);
  if (!fits || !Array.prototype.every.call(state, Number.isFinite)) {
    throw new UsageError(
      `not a state of this tabletop task (${state.length} numbers): take it from getState of an environment with ` +
        `the same task, which has ${objectNames.length} objects and ${targetNames.length} targets`,
    );
  }
  let at = headerSize;
  const objects = objectNames.slice(0, objectCount).map((name) => {
    const shape = shapeNames[state[at]!];
    if (shape === undefined) throw new UsageError(`a tabletop state names shape ${state[at]}, which is none`);
    const object = {
      name,
      shape,
      colour: rgbAt(state, at + 1),
      sizeScale: state[at + 4]!,
      massScale: state[at + 5]!,
    };
    at += objectSize;
    return object;
  });
  const targets: Record<string, Point> = {};
  for (const name of targetNames) {
    targets[name] = [state[at]!, state[at + 1]!];
    at += 2;
  }
  const targetAngles = Object.fromEntries(angledNames.map((name) => [name, state[at++]!]));
  const bodies = Float64Array.from({ length: (objectCount + 1) * bodyStateSize }, () => state[at++]!);
  const hands = handSpecs.map(({ name, path }) => {
    const [speed, start] = [state[at++]!, state[at++]!];
    return { name, speed, start, path: path.map((): Point => [state[at++]!, state[at++]!]) };
  });
  return {
    scene: {
      objects,
      hands,
      targets,
      targetAngles,
      frictionScale: state[3]!,
      tableColour: rgbAt(state, 4),
      pusherColour: rgbAt(state, 7),
    },
    steps: state[1]!,
    held: state[2]!,
    passed: state[12]!,
    bodies,
  };
}

function rgbAt(state: ArrayLike<number>, at: number): Rgb {
  return [state[at]!, state[at + 1]!, state[at + 2]!];
}

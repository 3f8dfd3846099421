import { UsageError } from '../../core/errors.ts';
import type { Point, TaskSpec } from '../../core/task.ts';
import { physicsStateSize } from './physics.ts';

/** All that decides an episode's future. */
export interface PushTState {
  /** Steps taken. */
  readonly steps: number;
  /** Steps in a row, up to now, after which the success predicates held. */
  readonly held: number;
  /** See `PushTPhysics.state`. */
  readonly bodies: Float64Array;
  /** Field widths, in the task's order. */
  readonly targets: Readonly<Record<string, Point>>;
  /** Radians, of those targets that are poses. */
  readonly targetAngles: Readonly<Record<string, number>>;
}

/** What a task's targets are called, in its order, and which of them are poses. */
export interface TargetNames {
  readonly all: readonly string[];
  readonly angled: readonly string[];
}

export function targetNamesOf({ scene: { targets = {} } }: TaskSpec): TargetNames {
  const all = Object.keys(targets);
  return { all, angled: all.filter((name) => targets[name]!.angle !== undefined) };
}

const format = 1;
const headerSize = 3 + physicsStateSize;

export function encodeState({ steps, held, bodies, targets, targetAngles }: PushTState): Float64Array {
  return Float64Array.of(
    format,
    steps,
    held,
    ...bodies,
    ...Object.values(targets).flat(),
    ...Object.values(targetAngles),
  );
}

/** @throws UsageError where the numbers are not a state of such a task */
export function decodeState(state: ArrayLike<number>, { all, angled }: TargetNames): PushTState {
  const fits = state[0] === format && state.length === headerSize + 2 * all.length + angled.length;
  if (!fits || !Array.prototype.every.call(state, Number.isFinite)) {
    throw new UsageError(
      `not a state of this push-t task (${state.length} numbers): take it from getState of an environment with the ` +
        `same task, which has ${all.length} targets`,
    );
  }
  const numbers = Float64Array.from(state);
  const angles = headerSize + 2 * all.length;
  return {
    steps: numbers[1]!,
    held: numbers[2]!,
    bodies: numbers.slice(3, headerSize),
    targets: Object.fromEntries(
      all.map((name, i): [string, Point] => [name, [numbers[headerSize + 2 * i]!, numbers[headerSize + 2 * i + 1]!]]),
    ),
    targetAngles: Object.fromEntries(angled.map((name, i) => [name, numbers[angles + i]!])),
  };
}

import { UsageError } from '../../core/errors.ts';
import type { Point } from '../../core/task.ts';
import type { TwoRoomsLayout } from './field.ts';

/** All that decides an episode's future. */
export interface TwoRoomsState {
  readonly layout: TwoRoomsLayout;
  /** Steps taken. */
  readonly steps: number;
  /** Steps in a row, up to now, after which the success predicates held. */
  readonly held: number;
  /** Of the dot, pixels. */
  readonly position: Point;
  /** Field widths. */
  readonly targets: Readonly<Record<string, Point>>;
}

const format = 2;
const headerSize = 8;

export function encodeState({ layout, steps, held, position, targets }: TwoRoomsState): Float64Array {
  const points = Object.values(targets);
  return Float64Array.of(format, steps, held, layout.wallX, layout.doorY, ...position, points.length, ...points.flat());
}

/** Wall and door, from a state. */
export function readLayout(state: ArrayLike<number>): TwoRoomsLayout {
  return { wallX: state[3]!, doorY: state[4]! };
}

/**
 * @param targetNames In the task's order.
 * @throws UsageError where the numbers are not a state of such a task.
 */
export function decodeState(state: ArrayLike<number>, targetNames: readonly string[]): TwoRoomsState {
  const fits =
    state[0] === format && state[7] === targetNames.length && state.length === headerSize + 2 * targetNames.length;
  if (!fits || !Array.prototype.every.call(state, Number.isFinite)) {
    throw new UsageError(
      `not a state of this two-rooms task (${state.length} numbers): take it from getState of an environment with ` +
        `the same task, which has ${targetNames.length} targets`,
    );
  }
  const targets = Object.fromEntries(
    targetNames.map((name, i): [string, Point] => [name, [state[headerSize + 2 * i]!, state[headerSize + 2 * i + 1]!]]),
  );
  return {
    layout: readLayout(state),
    steps: state[1]!,
    held: state[2]!,
    position: [state[5]!, state[6]!],
    targets,
  };
}

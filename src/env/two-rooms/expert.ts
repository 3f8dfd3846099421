import type { Environment } from '../../core/contracts.ts';
import { resolveTask } from '../resolve-task.ts';
import { maxActionNorm } from './field.ts';
import { twoRoomsPath } from './geodesic.ts';
import { goalOf } from './goal.ts';
import { toPixels } from './sample-episode.ts';
import { decodeState } from './state.ts';

/** Kept from the door's jambs, pixels. */
const margin = 1;

/**
 * The best next action for a Two-Rooms environment, read from its true state: to the door, through it, and to the
 * goal by the shortest way, then rest.
 * @returns [2], pixels; zero where success names no place for the dot.
 */
export function twoRoomsExpert(environment: Environment): Float32Array {
  const { task } = environment;
  const { layout, position, targets } = decodeState(environment.getState(), Object.keys(task.scene.targets ?? {}));
  const goal = goalOf(resolveTask(task, { targets }).success, targets);
  if (goal === null) return new Float32Array(2);
  const path = twoRoomsPath(position, toPixels(goal), layout, margin);
  // A bend that has been reached is behind.
  const next = path.find(([x, y]) => Math.abs(x - position[0]) + Math.abs(y - position[1]) > 1e-3) ?? position;
  return environment.actionSpace.clip(towards(next[0] - position[0], next[1] - position[1]));
}

/** A displacement cut to the longest step; the direction is kept. */
function towards(dx: number, dy: number): [number, number] {
  const shrink = Math.min(1, maxActionNorm / Math.max(Math.sqrt(dx * dx + dy * dy), 1e-9));
  return [dx * shrink, dy * shrink];
}

import { unknownName } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
import { pushAround } from './tasks/push-around.ts';
import { pushToGoal } from './tasks/push-to-goal.ts';
import { reach } from './tasks/reach.ts';
import { twoRooms } from './tasks/two-rooms.ts';

/** The tasks that are known by name. */
export const registeredTasks: readonly TaskSpec[] = [reach, pushToGoal, pushAround, twoRooms];

/** @throws UsageError for an unknown id, with the known ones and the nearest spelling. */
export function taskById(id: string): TaskSpec {
  const task = registeredTasks.find((each) => each.id === id);
  if (task === undefined) {
    throw unknownName(
      'task',
      id,
      registeredTasks.map((each) => each.id),
    );
  }
  return task;
}

import { unknownName } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
import { bothInRegion } from './tasks/both-in-region.ts';
import { clearTable, clearTable6 } from './tasks/clear-table.ts';
import { pushAround } from './tasks/push-around.ts';
import { pushOneOfThree } from './tasks/push-one-of-three.ts';
import { pushPastHand } from './tasks/push-past-hand.ts';
import { pushT, pushTStrict } from './tasks/push-t.ts';
import { pushToGoal } from './tasks/push-to-goal.ts';
import { pushToPose } from './tasks/push-to-pose.ts';
import { reach } from './tasks/reach.ts';
import { sameColour } from './tasks/same-colour.ts';
import { sort, sort4 } from './tasks/sort.ts';
import { threeGoals } from './tasks/three-goals.ts';
import { twoRooms } from './tasks/two-rooms.ts';

/** The tasks that are known by name. */
export const registeredTasks: readonly TaskSpec[] = [
  reach,
  pushToGoal,
  pushOneOfThree,
  sameColour,
  pushToPose,
  pushAround,
  pushPastHand,
  threeGoals,
  bothInRegion,
  sort,
  sort4,
  clearTable,
  clearTable6,
  twoRooms,
  pushT,
  pushTStrict,
];

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

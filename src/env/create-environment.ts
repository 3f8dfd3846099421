import type { Environment } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
import { createPushT } from './push-t/environment.ts';
import { createTabletop, type TabletopOptions } from './tabletop/environment.ts';
import { createTwoRooms } from './two-rooms/environment.ts';

export type EnvironmentOptions = Omit<TabletopOptions, 'task'>;

/**
 * The environment of the world that the task is set in.
 * @throws UsageError for a variation of a world that has none.
 */
export function createEnvironment(task: TaskSpec, options: EnvironmentOptions = {}): Environment {
  const { world = 'tabletop' } = task;
  if (world === 'tabletop') return createTabletop({ task, ...options });
  for (const name of Object.keys(options)) {
    throw new UsageError(`task '${task.id}' is set in ${world}, which has no option '${name}'`);
  }
  return world === 'two-rooms' ? createTwoRooms({ task }) : createPushT({ task });
}

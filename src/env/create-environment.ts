import type { Environment } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
import { createTabletop, type TabletopOptions } from './tabletop/environment.ts';

export type EnvironmentOptions = Omit<TabletopOptions, 'task'>;

/** The environment of the world that the task is set in. */
export function createEnvironment(task: TaskSpec, options: EnvironmentOptions = {}): Environment {
  if ((task.world ?? 'tabletop') !== 'tabletop') {
    throw new UsageError(`task '${task.id}' is set in '${task.world}', which has no environment`);
  }
  return createTabletop({ task, ...options });
}

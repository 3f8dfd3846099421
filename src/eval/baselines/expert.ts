import type { Environment } from '../../core/contracts.ts';
import type { TaskSpec, WorldName } from '../../core/task.ts';
import { pushTExpert } from '../../env/push-t/expert.ts';
import { tabletopExpert } from '../../env/tabletop/expert.ts';
import { twoRoomsExpert } from '../../env/two-rooms/expert.ts';
import type { PrivilegedPolicy } from '../privileged-policy.ts';

/** The best next action as a script sees it that knows the true state. Leaves the environment as it is. */
type Expert = (environment: Environment) => Float32Array;

const experts: Readonly<Record<WorldName, Expert>> = {
  tabletop: tabletopExpert,
  'two-rooms': twoRoomsExpert,
  'push-t': pushTExpert,
};

/** The world's scripted expert: shows that a task can be done, and what skill without search or model achieves. */
export function createExpertPolicy(task: TaskSpec): PrivilegedPolicy {
  const expert = experts[task.world ?? 'tabletop'];
  let environments: readonly Environment[] = [];
  return {
    name: 'expert',
    privileged: true,
    attach(attached) {
      environments = attached;
    },
    async begin() {},
    async act(observations) {
      return observations.map((observation, i) => (observation === null ? null : { action: expert(environments[i]!) }));
    },
  };
}

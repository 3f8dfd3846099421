import type { Policy } from '../../core/contracts.ts';
import type { BlindPolicyOptions } from './random.ts';

/** Does nothing, in every step: what a task gives away. */
export function createNoopPolicy({ actionSpace }: BlindPolicyOptions): Policy {
  return {
    name: 'noop',
    async begin() {},
    async act(observations) {
      return observations.map((observation) =>
        observation === null ? null : { action: actionSpace.clip(new Float32Array(actionSpace.size)) },
      );
    },
  };
}

import type { Policy } from '../../core/contracts.ts';
import { RunError } from '../../core/errors.ts';
import { deriveSeed } from '../../core/rng.ts';
import type { Collector } from '../../data/collect-episode.ts';
import { isPrivileged, type PrivilegedPolicy } from '../privileged-policy.ts';

/** A policy, one that sees the truth or one that does not, as a collector of single episodes. */
export function createPolicyCollector(policy: Policy | PrivilegedPolicy): Collector {
  return {
    async begin({ environment, instruction, seed }) {
      if (isPrivileged(policy)) policy.attach([environment]);
      await policy.begin([{ instruction, seed: deriveSeed(seed, 'policy') }]);
    },
    async act(observation) {
      const [decision] = await policy.act([observation]);
      if (decision === null || decision === undefined) throw new RunError(`policy '${policy.name}' decided nothing`);
      return decision.action;
    },
  };
}

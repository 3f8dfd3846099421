import type { Policy } from '../../core/contracts.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { BoxSpace } from '../../core/space.ts';

export interface BlindPolicyOptions {
  readonly actionSpace: BoxSpace;
}

/** Draws every action uniformly from the action space: what chance achieves. */
export function createRandomPolicy({ actionSpace }: BlindPolicyOptions): Policy {
  let rngs: readonly Rng[] = [];
  return {
    name: 'random',
    async begin(episodes) {
      rngs = episodes.map(({ seed }) => createRng(seed, 'random-policy'));
    },
    async act(observations) {
      return observations.map((observation, i) =>
        observation === null ? null : { action: actionSpace.sample(rngs[i]!) },
      );
    },
  };
}

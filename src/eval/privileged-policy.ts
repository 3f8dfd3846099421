import type { Environment, Policy } from '../core/contracts.ts';

/**
 * A baseline that may look behind the curtain: the scripted expert, the search on true dynamics. It is another
 * type than `Policy`, so that no agent can be handed an environment by accident, and every record that such a
 * policy makes can be told apart.
 */
export interface PrivilegedPolicy extends Policy {
  readonly privileged: true;
  /**
   * Called before each `begin`, after the environments were reset: one environment an episode, the very ones that
   * are played. The policy may inspect them and read their state, and must leave them as they are.
   */
  attach(environments: readonly Environment[]): void;
}

export function isPrivileged(policy: Policy | PrivilegedPolicy): policy is PrivilegedPolicy {
  return 'privileged' in policy && policy.privileged === true;
}

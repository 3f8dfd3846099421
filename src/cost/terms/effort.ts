import { tf } from '../../engine/tf.ts';
import { quadratic } from '../norms.ts';
import type { TermFactory } from '../term.ts';

/** Mean squared norm of the actions of the valid steps. */
export const createEffortTerm: TermFactory<'effort'> = (_spec, { horizon }) => ({
  structure: 'effort',
  inputs: {},
  subject: null,
  evaluate({ rollout, steps }) {
    // Action t leads to step t + 1, and counts where that step does.
    const weights = tf.slice(steps.mean, [0, 0, 1], [-1, -1, horizon]);
    return tf.sum(tf.mul(quadratic(rollout.actions), weights), 2);
  },
  bind: () => ({}),
});

import { tf } from '../../engine/tf.ts';
import { quadratic } from '../norms.ts';
import type { TermFactory } from '../term.ts';

/** Squared norm of the differences between successive actions, summed over the valid ones, over their number of steps. */
export const createSmoothnessTerm: TermFactory<'smoothness'> = (_spec, { horizon }) => ({
  structure: 'smoothness',
  inputs: {},
  subject: null,
  evaluate({ rollout: { actions }, steps }) {
    if (horizon === 1) return tf.mul(tf.sum(actions, [2, 3]), 0);
    const earlier = tf.slice(actions, [0, 0, 0, 0], [-1, -1, horizon - 1, -1]);
    const later = tf.slice(actions, [0, 0, 1, 0], [-1, -1, horizon - 1, -1]);
    // The change from action t to t + 1 counts where step t + 2 does.
    const weights = tf.slice(steps.mean, [0, 0, 2], [-1, -1, horizon - 1]);
    return tf.sum(tf.mul(quadratic(tf.sub(later, earlier)), weights), 2);
  },
  bind: () => ({}),
});

import type { Tensors } from '../../engine/program.ts';
import { tf } from '../../engine/tf.ts';
import type { TrainingLoss } from '../losses/training-loss.ts';
import { toRows } from './presence.ts';

/** Names of the sums below, by which a host adds them up over batches. */
export const momentNames = ['count', 'sum', 'outer', 'within'] as const;
export type MomentName = (typeof momentNames)[number];

/**
 * Sums over all filled latents of a batch, from which `collapseMeasures` is computed: how many, `sum` [D], `outer`
 * [D, D], the sum of z z^T, and `within` [], the sum over dimensions of the variance within windows.
 */
export function latentMoments({ encoded, presence }: TrainingLoss['latents']): Record<MomentName, Tensors[string]> {
  const frames = encoded.shape[1]!;
  const { rows, weights } = toRows(encoded, presence);
  const weighed = weights === undefined ? rows : tf.mul(rows, weights);
  const around = toRows(tf.sub(encoded, tf.mean(encoded, 1, true)), presence).rows;
  const deviations = tf.square(weights === undefined ? around : tf.mul(around, weights));
  return {
    count: weights === undefined ? tf.scalar(rows.shape[0]!) : tf.sum(weights),
    sum: tf.sum(weighed, 0),
    outer: tf.matMul(weighed, rows, true, false),
    // Unbiased, as the mean is of the window's own frames.
    within: tf.mul(tf.sum(deviations), frames / (frames - 1)),
  };
}

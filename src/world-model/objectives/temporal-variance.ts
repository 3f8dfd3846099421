import { type Tensor, tf } from '../../engine/tf.ts';
import { toRows } from './presence.ts';

/** Asked of each dimension within windows. Healthy Two-Rooms latents, of which it is 1 over all, have about 0.3. */
const leastStd = 0.4;

/**
 * Variance within a window, VICReg's hinge turned on time: mean over dimensions of max(0, 0.4 - sqrt(v_d + 1e-4)),
 * v_d the variance of dimension d over the frames of a window, averaged over windows and filled slots. A batch of
 * many scenes satisfies a variance over the batch with what tells scenes apart; here each window's own mean is taken
 * off first, so only what changes within a scene counts. Averaged over windows before the hinge: scenes in which
 * nothing moves may stand still.
 *
 * @param encoded [B, T, N, D]
 */
export function temporalVariance(encoded: Tensor, presence: Tensor | null): Tensor {
  const frames = encoded.shape[1]!;
  const { rows, weights } = toRows(tf.sub(encoded, tf.mean(encoded, 1, true)), presence);
  const squared = tf.square(rows);
  const average =
    weights === undefined
      ? tf.mean(squared, 0)
      : tf.div(tf.sum(tf.mul(squared, weights), 0), tf.maximum(tf.sum(weights), 1));
  // Unbiased, as the mean is of the window's own frames.
  const variance = tf.mul(average, frames / (frames - 1));
  return tf.mean(tf.relu(tf.sub(leastStd, tf.sqrt(tf.add(variance, 1e-4)))));
}

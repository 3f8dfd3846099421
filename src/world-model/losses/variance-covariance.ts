import { type Tensor, tf } from '../../engine/tf.ts';

export interface VarianceCovariance {
  /** mean over dimensions of max(0, 1 - sqrt(var + 1e-4)). */
  readonly variance: Tensor;
  /** mean over pairs i != j of cov_ij^2. */
  readonly covariance: Tensor;
  /** mean over dimensions of the standard deviation: a collapse measure. */
  readonly std: Tensor;
}

/**
 * VICReg's anti-collapse terms (Bardes, Ponce and LeCun, 2022, eq. 1-4; here the mean, not the sum, over pairs).
 *
 * @param embeddings [M, D]
 * @param weights [M, 1], 0 for rows that don't count; all ones if absent
 */
export function varianceCovariance(embeddings: Tensor, weights?: Tensor): VarianceCovariance {
  const [count, size] = embeddings.shape as [number, number];
  const total = weights === undefined ? tf.scalar(count) : tf.maximum(tf.sum(weights), 2);
  const weigh = (x: Tensor): Tensor => (weights === undefined ? x : tf.mul(x, weights));
  const mean = tf.div(tf.sum(weigh(embeddings), 0, true), total);
  const centred = weigh(tf.sub(embeddings, mean));
  const covariance = tf.div(tf.matMul(centred, centred, true, false), tf.sub(total, 1));
  const identity = tf.eye(size);
  const std = tf.sqrt(tf.add(tf.sum(tf.mul(covariance, identity), 0), 1e-4));
  const offDiagonal = tf.mul(covariance, tf.sub(1, identity));
  return {
    variance: tf.mean(tf.relu(tf.sub(1, std))),
    covariance: tf.div(tf.sum(tf.square(offDiagonal)), size * (size - 1)),
    std: tf.mean(std),
  };
}

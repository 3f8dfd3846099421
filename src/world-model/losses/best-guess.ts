import { type Tensor, tf } from '../../engine/tf.ts';

/**
 * Mean squared error of the best constant guess, that is, each number's variance, averaged: what a prediction's error
 * has to be held against. [..., D] -> scalar.
 *
 * @param mask of the same shape, 0 for what doesn't count; all ones if absent
 */
export function bestGuessError(x: Tensor, mask?: Tensor): Tensor {
  const size = x.shape.at(-1)!;
  const rows = tf.reshape(x, [-1, size]);
  if (mask === undefined) return tf.mean(tf.squaredDifference(rows, tf.mean(rows, 0, true)));
  const counted = tf.reshape(mask, [-1, size]);
  const means = tf.div(tf.sum(tf.mul(rows, counted), 0, true), tf.maximum(tf.sum(counted, 0, true), 1));
  return tf.div(tf.sum(tf.mul(tf.squaredDifference(rows, means), counted)), tf.maximum(tf.sum(counted), 1));
}

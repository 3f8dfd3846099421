import { type Tensor, tf } from '../engine/tf.ts';

/** [..., 2] -> [...]; the tiny constant keeps the gradient finite at zero. */
export function lengthOf(vectors: Tensor): Tensor {
  return tf.sqrt(tf.add(tf.sum(tf.square(vectors), -1), 1e-14));
}

import { unknownName } from '../../core/errors.ts';
import { type Tensor, tf } from '../tf.ts';
import { withGradient } from '../with-gradient.ts';

export const activationNames = ['relu', 'silu', 'gelu'] as const;
export type ActivationName = (typeof activationNames)[number];

/** Element-wise: `relu` max(0, x); `silu` x sigmoid(x); `gelu` x Phi(x), exact (Hendrycks and Gimpel, 2016). */
export function activation(name: ActivationName, x: Tensor): Tensor {
  switch (name) {
    case 'relu':
      return tf.relu(x);
    case 'silu':
      return silu(x);
    case 'gelu':
      return gelu(x);
    default:
      throw unknownName('activation', name, activationNames);
  }
}

/** y = x s with s = sigmoid(x); dy/dx = s + y (1 - s). */
const silu = withGradient(
  (x) => {
    const gate = tf.sigmoid(x);
    const value = tf.mul(x, gate);
    return { value, saved: [gate, value] };
  },
  (dy, [gate, value]) => tf.mul(dy, tf.add(gate!, tf.mul(value!, tf.sub(1, gate!)))),
);

/** y = x P with P = (1 + erf(x / sqrt 2)) / 2; dy/dx = P + x exp(-x^2 / 2) / sqrt(2 pi). */
const gelu = withGradient(
  (x) => {
    const probability = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
    return { value: tf.mul(x, probability), saved: [x, probability] };
  },
  (dy, [x, probability]) => {
    const density = tf.mul(tf.exp(tf.mul(tf.square(x!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.mul(dy, tf.add(probability!, tf.mul(x!, density)));
  },
);

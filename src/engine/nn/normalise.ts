import { type Tensor, tf } from '../tf.ts';
import { withGradient } from '../with-gradient.ts';

const epsilon = 1e-5;

/**
 * Mean 0 and variance 1 over the last axis, (x - mean) / sqrt(var + 1e-5): layer normalisation without learned
 * scale and shift (Ba, Kiros and Hinton, 2016). Its gradient is r (dy - mean(dy) - y mean(dy y)), with r the
 * inverse standard deviation.
 */
export function normalise(x: Tensor): Tensor {
  return normaliseLast(x);
}

const normaliseLast = withGradient(
  (x) => {
    const centred = tf.sub(x, meanOverLast(x));
    const inverseStd = tf.rsqrt(tf.add(meanOverLast(tf.square(centred)), epsilon));
    const value = tf.mul(centred, inverseStd);
    return { value, saved: [value, inverseStd] };
  },
  (dy, [value, inverseStd]) => {
    const along = tf.mul(value!, meanOverLast(tf.mul(dy, value!)));
    return tf.mul(inverseStd!, tf.sub(tf.sub(dy, meanOverLast(dy)), along));
  },
);

function meanOverLast(x: Tensor): Tensor {
  return tf.mean(x, -1, true);
}

import type { Scalar } from '@tensorflow/tfjs-core';
import { type Tensor, tf } from '../../../src/engine/tf.ts';

/**
 * Largest error of the gradient of sum(weights x f(inputs)) against central differences, relative to the largest
 * gradient. The weights are fixed and uneven, so that no symmetry hides an error. Values are float32 on the `cpu`
 * backend: with steps of 1e-2 on inputs of order 1 expect errors of about 1e-3.
 */
export function gradientError(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  step = 1e-2,
  samples = 24,
): number {
  const objective = (...xs: Tensor[]) => {
    const y = f(...xs);
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => Math.sin(1 + 2.3 * i)),
      y.shape,
    );
    return tf.sum<Scalar>(tf.mul(y, weights));
  };
  const gradients = tf
    .grads(objective)([...inputs])
    .map((gradient) => gradient.dataSync() as Float32Array);
  const scale = Math.max(...gradients.flatMap((gradient) => [...gradient].map(Math.abs)), 1e-3);

  let worst = 0;
  inputs.forEach((input, k) => {
    const values = input.dataSync() as Float32Array;
    const stride = Math.max(1, Math.floor(values.length / samples));
    for (let i = 0; i < values.length; i += stride) {
      const at = (delta: number): number => {
        const moved = values.slice();
        moved[i]! += delta;
        const xs = inputs.map((other, j) => (j === k ? tf.tensor(moved, input.shape) : other));
        return objective(...xs).dataSync()[0]!;
      };
      const numeric = (at(step) - at(-step)) / (2 * step);
      worst = Math.max(worst, Math.abs(numeric - gradients[k]![i]!) / scale);
    }
  });
  return worst;
}

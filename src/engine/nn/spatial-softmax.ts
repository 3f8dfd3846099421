import { UsageError } from '../../core/errors.ts';
import { constant } from '../initialisers.ts';
import { type ParameterSpecs, parameter } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';

/** `sharpness`, one number that multiplies the heat before the softmax: the inverse of a temperature. */
export function spatialSoftmaxSpecs(prefix: string, sharpness = 4): ParameterSpecs {
  return { [`${prefix}.sharpness`]: { shape: [], init: constant(sharpness) } };
}

/**
 * Where each heat map points: the mean position under the softmax of its pixels (Levine et al., 2016; Finn et al.,
 * 2016), and what is seen there.
 *
 * heat [R, H, W, K] and values [R, H, W, K] -> [R, K, 3]: x, y and the mean value; without values [R, K, 2].
 * Coordinates run from -1 to 1 over the picture's edges, x to the right, y down; the centre of pixel i of W lies at
 * (2 i + 1) / W - 1.
 */
export function spatialSoftmax(parameters: Tensors, prefix: string, heat: Tensor, values?: Tensor): Tensor {
  const [rows, height, width, maps] = heat.shape as [number, number, number, number];
  if (heat.rank !== 4 || (values !== undefined && values.shape.join() !== heat.shape.join()))
    throw new UsageError(
      `spatialSoftmax takes heat [R, H, W, K] and values alike, got [${heat.shape}] and [${values?.shape}]`,
    );
  const pixels = height * width;
  const byMap = (x: Tensor) => tf.transpose(tf.reshape(x, [rows, pixels, maps]), [0, 2, 1]);

  const sharpened = tf.mul(byMap(heat), parameter(parameters, `${prefix}.sharpness`));
  const attention = tf.softmax(sharpened);
  const positions = tf.reshape(tf.matMul(tf.reshape(attention, [rows * maps, pixels]), pixelCentres(height, width)), [
    rows,
    maps,
    2,
  ]);
  if (values === undefined) return positions;
  const seen = tf.sum(tf.mul(attention, byMap(values)), 2, true);
  return tf.concat([positions, seen], 2);
}

/** [H W, 2] */
function pixelCentres(height: number, width: number): Tensor {
  const centres = Float32Array.from({ length: 2 * height * width }, (_, i) => {
    const pixel = Math.floor(i / 2);
    return i % 2 === 0 ? (2 * (pixel % width) + 1) / width - 1 : (2 * Math.floor(pixel / width) + 1) / height - 1;
  });
  return tf.tensor(centres, [height * width, 2]);
}

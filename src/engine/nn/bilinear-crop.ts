import { UsageError } from '../../core/errors.ts';
import { type Tensor, tf } from '../tf.ts';

export interface BilinearCropOptions {
  /** Side of the square crop, in pixels. */
  readonly size: number;
}

/**
 * Square windows cut out of pictures at sub-pixel positions, at native resolution; zero outside the picture.
 *
 * images [R, H, W, C] and centres [R, N, 2] -> [R, N, size, size, C]. A centre is (x, y) in pixels, integers being
 * the pixels' centres. Row s of a crop samples y + s - (size - 1) / 2, so an odd-sized crop at an integer centre,
 * or an even-sized one at a centre halfway between two pixels, is an exact slice.
 *
 * Bilinear interpolation is a product of two thin matrices, W_y I W_x^T, with hat weights
 * relu(1 - |position - sample|): it needs neither gather nor resize, and differentiates in the centres too
 * (as the sampler of spatial transformers; Jaderberg et al., 2015).
 */
export function bilinearCrop(images: Tensor, centres: Tensor, { size }: BilinearCropOptions): Tensor {
  const [rows, height, width, channels] = images.shape as [number, number, number, number];
  const windows = centres.shape[1]!;
  if (images.rank !== 4 || centres.rank !== 3 || centres.shape[0] !== rows || centres.shape[2] !== 2)
    throw new UsageError(
      `bilinearCrop takes images [R, H, W, C] and centres [R, N, 2], got [${images.shape}] and [${centres.shape}]`,
    );

  const [x, y] = tf.split(centres, 2, 2) as [Tensor, Tensor];
  const vertical = tf.reshape(hatWeights(y, size, height), [rows, windows * size, height]);
  const horizontal = tf.reshape(hatWeights(x, size, width), [rows * windows, size, width]);

  const strips = tf.matMul(vertical, tf.reshape(images, [rows, height, width * channels]));
  // [R, N, size, W, C] -> [R N, W, size C]: columns to the front, for the second product.
  const columns = tf.transpose(tf.reshape(strips, [rows * windows, size, width, channels]), [0, 2, 1, 3]);
  const crops = tf.matMul(horizontal, tf.reshape(columns, [rows * windows, width, size * channels]));
  const upright = tf.transpose(tf.reshape(crops, [rows * windows, size, size, channels]), [0, 2, 1, 3]);
  return tf.reshape(upright, [rows, windows, size, size, channels]);
}

/** positions [R, N, 1] -> [R, N, size, length]: the weight of each pixel for each sample. */
function hatWeights(positions: Tensor, size: number, length: number): Tensor {
  const offsets = tf.tensor(
    Float32Array.from({ length: size * length }, (_, i) => (i % length) - (Math.floor(i / length) - (size - 1) / 2)),
    [1, 1, size, length],
  );
  const [rows, windows] = positions.shape as [number, number];
  return tf.relu(tf.sub(1, tf.abs(tf.sub(offsets, tf.reshape(positions, [rows, windows, 1, 1])))));
}

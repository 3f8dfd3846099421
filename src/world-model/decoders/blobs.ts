import { zeros } from '../../engine/initialisers.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { parameter } from '../../engine/parameters.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { BlobsConfig } from '../config.ts';
import type { Decoder, DecoderSizes } from './decoder.ts';

/** Numbers of a blob beside its colour: where it is and how wide, on both axes. */
const placed = 4;
/** Half width of a blob whose numbers are zero, in picture widths: wide at first, so that each feels all that is there. */
const firstWidth = 0.12;

/**
 * A learned background with Gaussian blobs on it, each of a place, a width and a height and a colour that a perceptron
 * reads from the latent:
 *
 *     picture(x, y) = b(x, y) + sum_k c_k exp(-(x - x_k)^2 / 2 u_k^2 - (y - y_k)^2 / 2 v_k^2).
 *
 * Keypoints back to pictures, as in Jakab et al. (2018) and Minderer et al. (2019), without convolutions after them: a
 * Gaussian is a product of one in x and one in y, so that all blobs are one small matrix product.
 */
export function blobs({ hidden, count, side }: BlobsConfig, { latentSize, channels }: DecoderSizes): Decoder {
  return {
    side,
    specs: {
      ...mlpSpecs('decoder.blobs', [latentSize, ...hidden, count * (placed + channels)]),
      'decoder.background': { shape: [side, channels, side], init: zeros },
    },
    decode(parameters, latent) {
      const numbers = mlp(parameters, 'decoder.blobs', latent, { activation: 'silu' });
      const [x, y, width, height, colours] = tf.split(
        tf.reshape(numbers, [-1, count, placed + channels]),
        [1, 1, 1, 1, channels],
        2,
      ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const across = profile(x, width, side);
      // [R, K, C, side]: long rows are what multiplies fast.
      const coloured = tf.mul(tf.expandDims(across, 2), tf.expandDims(colours, 3));
      const flat = tf.reshape(coloured, [-1, count, channels * side]);
      const painted = tf.matMul(profile(y, height, side), flat, true, false);
      const background = parameter(parameters, 'decoder.background');
      const planes = tf.add(tf.reshape(painted, [-1, side, channels, side]), background);
      return tf.transpose(planes, [0, 1, 3, 2]);
    },
  };
}

/** Places and widths [R, K, 1] -> what each blob covers of each row or column of pixels, [R, K, side]. */
function profile(place: Tensor, width: Tensor, side: number): Tensor {
  const centres = tf.tensor(
    Float32Array.from({ length: side }, (_, i) => (i + 0.5) / side - 0.5),
    [1, 1, side],
  );
  // Within reach of the picture, and never narrower than half a pixel.
  const at = tf.mul(tf.tanh(place), 0.6);
  const wide = tf.add(tf.mul(tf.exp(tf.mul(tf.tanh(tf.div(width, 3)), 3)), firstWidth), 0.5 / side);
  return tf.exp(tf.mul(tf.square(tf.div(tf.sub(centres, at), wide)), -0.5));
}

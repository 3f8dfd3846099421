import { type Tensor, type Tensor4D, tf } from '../../engine/tf.ts';
import type { WholePictureConfig } from '../config.ts';

/** Frames as encoders of the whole picture take them: [R, height, width, C] bytes -> [R, side, side, C] of order one. */
export function readPicture(frames: Tensor, config: WholePictureConfig): Tensor4D {
  const planes = resizedPlanes(frames as Tensor4D, config.inputSize);
  const perPlane = (numbers: readonly number[]): Tensor => tf.reshape(tf.tensor1d([...numbers]), [-1, 1, 1]);
  const even = tf.mul(tf.sub(tf.div(planes, 255), perPlane(config.channelMean)), perPlane(config.channelScale));
  return tf.transpose(even, [0, 2, 3, 1]) as Tensor4D;
}

/**
 * Each output pixel is the mean of the input area it covers: W_y I W_x^T, so two small matrix products. Channel by
 * channel, [R, C, side, side]: that is what convolutions are compiled to, and a product over few channels is slow.
 */
function resizedPlanes(frames: Tensor4D, side: number): Tensor {
  const [rows, height, width, channels] = frames.shape;
  if (height === side && width === side) return tf.transpose(frames, [0, 3, 1, 2]);
  const vertical = tf.tensor2d(areaWeights(height, side), [side, height]);
  const horizontal = tf.tensor2d(areaWeights(width, side), [side, width]);
  // [R, height, width x C] -> [R, side, width, C] -> [R x C x side, width] -> [R x C x side, side]
  const shrunk = tf.matMul(vertical, tf.reshape(frames, [rows, height, width * channels]));
  const planes = tf.transpose(tf.reshape(shrunk, [rows, side, width, channels]), [0, 3, 1, 2]);
  const lines = tf.matMul(tf.reshape(planes, [rows * channels * side, width]), horizontal, false, true);
  return tf.reshape(lines, [rows, channels, side, side]);
}

/** Row-stochastic [to, from]: the share of each input pixel in each output pixel's area. */
function areaWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  const step = from / to;
  for (let i = 0; i < to; i++) {
    for (let j = 0; j < from; j++) {
      const overlap = Math.min((i + 1) * step, j + 1) - Math.max(i * step, j);
      if (overlap > 0) weights[i * from + j] = overlap / step;
    }
  }
  return weights;
}

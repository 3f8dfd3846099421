import { type Tensor, type Tensor4D, tf } from '../../engine/tf.ts';
import type { WholePictureConfig } from '../config.ts';

/** Frames as encoders of the whole picture take them: [R, height, width, C] bytes -> [R, side, side, C] of order one. */
export function readPicture(frames: Tensor, config: WholePictureConfig): Tensor4D {
  const resized = areaResize(frames as Tensor4D, config.inputSize);
  return tf.mul(tf.sub(tf.div(resized, 255), tf.tensor1d(config.channelMean)), tf.tensor1d(config.channelScale));
}

/** Each output pixel is the mean of the input area it covers: W_y I W_x^T, so two small matrix products. */
function areaResize(frames: Tensor4D, side: number): Tensor {
  const [rows, height, width, channels] = frames.shape;
  if (height === side && width === side) return frames;
  const vertical = tf.tensor2d(areaWeights(height, side), [side, height]);
  const horizontal = tf.tensor2d(areaWeights(width, side), [side, width]);
  // [R, height, width x C] -> [R, side, width x C] -> [R x side, width, C] -> [R x side, side, C]
  const shrunk = tf.matMul(vertical, tf.reshape(frames, [rows, height, width * channels]));
  const lines = tf.reshape(shrunk, [rows * side, width, channels]);
  return tf.reshape(tf.matMul(horizontal, lines), [rows, side, side, channels]);
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

import { conv, convSpecs } from '../../engine/nn/conv.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, type Tensor4D, tf } from '../../engine/tf.ts';
import type { StridedConvolutionConfig } from '../config.ts';

/**
 * The picture area-resized, three or so 4x4 convolutions of stride 2, a linear layer and LayerNorm without
 * affine: one flat latent, a single slot. eb_jepa's encoder family (facebookresearch/eb_jepa), smaller.
 */
export function stridedConvolutionSpecs(config: StridedConvolutionConfig): ParameterSpecs {
  const inputs = [config.channelMean.length, ...config.channels];
  const side = config.inputSize / 2 ** config.channels.length;
  return {
    ...Object.assign(
      {},
      ...config.channels.map((channels, i) => convSpecs(`encoder.conv${i + 1}`, inputs[i]!, channels, { kernel: 4 })),
    ),
    ...linearSpecs('encoder.out', side * side * config.channels.at(-1)!, config.latentSize),
  };
}

/** [R, height, width, channels] bytes -> [R, 1, D]. */
export function encodeStridedConvolution(
  parameters: Tensors,
  frames: Tensor,
  config: StridedConvolutionConfig,
): Tensor {
  const rows = frames.shape[0]!;
  let x: Tensor = areaResize(frames as Tensor4D, config.inputSize);
  x = tf.mul(tf.sub(tf.div(x, 255), tf.tensor1d(config.channelMean)), tf.tensor1d(config.channelScale));
  config.channels.forEach((_, i) => {
    x = tf.relu(conv(parameters, `encoder.conv${i + 1}`, x, { stride: 2, pad: 1 }));
  });
  const flat = tf.reshape(x, [rows, -1]);
  return tf.reshape(normalise(linear(parameters, 'encoder.out', flat)), [rows, 1, config.latentSize]);
}

/** Each output pixel is the mean of the input area it covers: W_y I W_x^T, so two small matrix products. */
export function areaResize(frames: Tensor4D, side: number): Tensor {
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

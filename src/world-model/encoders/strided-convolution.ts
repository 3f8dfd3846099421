import { UsageError } from '../../core/errors.ts';
import { conv, convSpecs } from '../../engine/nn/conv.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { StridedConvolutionConfig } from '../config.ts';
import { normaliseParts } from '../static-part.ts';
import { type Encoder, flatEncoder } from './encoder.ts';
import { readPicture } from './read-picture.ts';

/**
 * The picture area-resized, three or so 4x4 convolutions of stride 2, a linear layer and LayerNorm without
 * affine: one flat latent. eb_jepa's encoder family (facebookresearch/eb_jepa), smaller.
 */
export function stridedConvolution(config: StridedConvolutionConfig): Encoder {
  const { channels, inputSize, latentSize, staticSize = 0 } = config;
  const inputs = [config.channelMean.length, ...channels];
  const side = inputSize / 2 ** channels.length;
  if (!Number.isInteger(side))
    throw new UsageError(
      `encoder 'strided-convolution': inputSize ${inputSize} can't be halved ${channels.length} times, once a layer`,
    );
  return flatEncoder({
    specs: {
      ...Object.assign(
        {},
        ...channels.map((outputs, i) => convSpecs(`encoder.conv${i + 1}`, inputs[i]!, outputs, { kernel: 4 })),
      ),
      ...linearSpecs('encoder.out', side * side * channels.at(-1)!, latentSize),
    },
    encode(parameters, frames) {
      const rows = frames.shape[0]!;
      let x: Tensor = readPicture(frames, config);
      channels.forEach((_, i) => {
        x = tf.relu(conv(parameters, `encoder.conv${i + 1}`, x, { stride: 2, pad: 1 }));
      });
      const flat = tf.reshape(x, [rows, -1]);
      return tf.reshape(normaliseParts(linear(parameters, 'encoder.out', flat), staticSize), [rows, 1, latentSize]);
    },
  });
}

import { UsageError } from '../../core/errors.ts';
import { conv, convSpecs } from '../../engine/nn/conv.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { spatialSoftmax, spatialSoftmaxSpecs } from '../../engine/nn/spatial-softmax.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { SpatialSoftmaxConfig } from '../config.ts';
import { normaliseParts } from '../static-part.ts';
import { type Encoder, flatEncoder } from './encoder.ts';
import { readPicture } from './read-picture.ts';

/** Numbers of one keypoint: x, y, and what is seen there. */
const keypointSize = 3;

/**
 * Keypoints: two convolutions, the first of one patch a pixel, then a heat map and a map of values for each keypoint.
 * Where the softmax of the heat points, and the mean value there, go through an MLP with a linear path beside it
 * and LayerNorm without affine: one flat latent. The bottleneck of Levine et al. (2016) and Finn et al. (2016): it
 * tells places and hardly anything else, which is what planning needs.
 */
export function spatialSoftmaxEncoder(config: SpatialSoftmaxConfig): Encoder {
  const { inputSize, patchSize, channels, keypoints, hidden, latentSize, staticSize = 0 } = config;
  if (inputSize % patchSize !== 0)
    throw new UsageError(`encoder 'spatial-softmax': patchSize ${patchSize} does not divide inputSize ${inputSize}`);
  const described = keypointSize * keypoints;
  return flatEncoder({
    specs: {
      ...convSpecs('encoder.patch', config.channelMean.length, channels, { kernel: patchSize }),
      ...convSpecs('encoder.around', channels, channels, { kernel: 3 }),
      ...convSpecs('encoder.maps', channels, 2 * keypoints, { kernel: 1 }),
      ...spatialSoftmaxSpecs('encoder.keypoints'),
      ...mlpSpecs('encoder.out', [described, hidden, latentSize]),
      ...linearSpecs('encoder.skip', described, latentSize),
    },
    encode(parameters, frames) {
      const rows = frames.shape[0]!;
      const patches = tf.relu(conv(parameters, 'encoder.patch', readPicture(frames, config), { stride: patchSize }));
      const features = tf.relu(conv(parameters, 'encoder.around', patches, { pad: 1 }));
      const maps = conv(parameters, 'encoder.maps', features);
      const [heat, values] = tf.split(maps, 2, 3) as [Tensor, Tensor];
      const found = tf.reshape(spatialSoftmax(parameters, 'encoder.keypoints', heat, values), [rows, described]);
      const latent = tf.add(
        mlp(parameters, 'encoder.out', found, { activation: 'silu' }),
        linear(parameters, 'encoder.skip', found),
      );
      return tf.reshape(normaliseParts(latent, staticSize), [rows, 1, latentSize]);
    },
  });
}

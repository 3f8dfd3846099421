import { UsageError } from '../../core/errors.ts';
import { normal } from '../../engine/initialisers.ts';
import { conv, convSpecs } from '../../engine/nn/conv.ts';
import { layerNorm, layerNormSpecs } from '../../engine/nn/layer-norm.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { transformerBlock, transformerBlockSpecs } from '../../engine/nn/transformer-block.ts';
import { parameter } from '../../engine/parameters.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { VisionTransformerConfig } from '../config.ts';
import { normaliseParts } from '../static-part.ts';
import { type Encoder, flatEncoder } from './encoder.ts';
import { readPicture } from './read-picture.ts';

/**
 * A vision transformer (Dosovitskiy et al., 2021): each square patch a token with a learned position, pre-norm blocks,
 * and what a summary token has gathered in the end, through a linear layer and LayerNorm without affine: one flat
 * latent. LeWorldModel's encoder family (Maes et al., 2026), smaller.
 */
export function visionTransformer(config: VisionTransformerConfig): Encoder {
  const { inputSize, patchSize, width, heads, blocks, latentSize, staticSize = 0 } = config;
  if (inputSize % patchSize !== 0)
    throw new UsageError(`encoder 'vision-transformer': patchSize ${patchSize} does not divide inputSize ${inputSize}`);
  if (width % heads !== 0)
    throw new UsageError(`encoder 'vision-transformer': ${heads} heads do not divide a width of ${width}`);
  const patches = (inputSize / patchSize) ** 2;
  const blockNames = Array.from({ length: blocks }, (_, i) => `encoder.block${i + 1}`);
  return flatEncoder({
    specs: {
      ...convSpecs('encoder.patch', config.channelMean.length, width, { kernel: patchSize }),
      'encoder.position': { shape: [patches, width], init: normal(0.02) },
      'encoder.summary': { shape: [1, width], init: normal(0.02) },
      ...Object.assign({}, ...blockNames.map((name) => transformerBlockSpecs(name, width))),
      ...layerNormSpecs('encoder.norm', width),
      ...linearSpecs('encoder.out', width, latentSize),
    },
    encode(parameters, frames) {
      const rows = frames.shape[0]!;
      const seen = conv(parameters, 'encoder.patch', readPicture(frames, config), { stride: patchSize });
      const placed = tf.add(tf.reshape(seen, [rows, patches, width]), parameter(parameters, 'encoder.position'));
      const summary = tf.tile(tf.expandDims(parameter(parameters, 'encoder.summary'), 0), [rows, 1, 1]);
      let tokens: Tensor = tf.concat([summary, placed], 1);
      for (const name of blockNames) tokens = transformerBlock(parameters, name, tokens, { heads });
      const gathered = tf.reshape(tf.slice(tokens, [0, 0, 0], [rows, 1, width]), [rows, width]);
      const latent = linear(parameters, 'encoder.out', layerNorm(parameters, 'encoder.norm', gathered));
      return tf.reshape(normaliseParts(latent, staticSize), [rows, 1, latentSize]);
    },
  });
}

import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { transposedConv, transposedConvSpecs } from '../../engine/nn/transposed-conv.ts';
import { tf } from '../../engine/tf.ts';
import type { TransposedConvolutionConfig } from '../config.ts';
import type { Decoder, DecoderSizes } from './decoder.ts';

/**
 * A perceptron to a small map, then 4x4 transposed convolutions of stride 2, each doubling it: the mirror of
 * `stridedConvolution`. What it draws is unbounded.
 */
export function transposedConvolution(
  { hidden, firstSide, channels }: TransposedConvolutionConfig,
  { latentSize, channels: outputs }: DecoderSizes,
): Decoder {
  const first = channels[0]!;
  const ends = [...channels.slice(1), outputs];
  return {
    side: firstSide * 2 ** channels.length,
    specs: {
      ...mlpSpecs('decoder.map', [latentSize, ...hidden, firstSide * firstSide * first]),
      ...Object.assign({}, ...ends.map((end, i) => transposedConvSpecs(`decoder.conv${i + 1}`, channels[i]!, end))),
    },
    decode(parameters, latent) {
      const map = mlp(parameters, 'decoder.map', latent, { activation: 'relu' });
      return ends.reduce(
        (x, _, i) => transposedConv(parameters, `decoder.conv${i + 1}`, tf.relu(x)),
        tf.reshape(map, [-1, firstSide, firstSide, first]),
      );
    },
  };
}

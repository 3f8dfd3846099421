import { UsageError } from '../../core/errors.ts';
import { type DecoderConfig, type DecoderKind, latentSize, type ModelConfig } from '../config.ts';
import { blobs } from './blobs.ts';
import type { Decoder, DecoderSizes } from './decoder.ts';
import { transposedConvolution } from './transposed-convolution.ts';

type Factories = {
  readonly [K in DecoderKind]: (config: Extract<DecoderConfig, { readonly kind: K }>, sizes: DecoderSizes) => Decoder;
};

/** Every decoder there is. */
const factories: Factories = { 'transposed-convolution': transposedConvolution, blobs };

export const decoderKinds = Object.keys(factories) as readonly DecoderKind[];

/** The decoder that `config` describes. */
export function createDecoder(config: DecoderConfig, sizes: DecoderSizes): Decoder {
  // The table's type pairs each kind with its own configuration; indexing it by a union loses that.
  return (factories[config.kind] as (config: DecoderConfig, sizes: DecoderSizes) => Decoder)(config, sizes);
}

/**
 * The decoder of a generative model; null for those that never draw.
 * @throws UsageError where it draws pictures of another size than the encoder reads
 */
export function decoderOf(config: ModelConfig): Decoder | null {
  const { encoder, decoder } = config;
  if (decoder === undefined || encoder.kind === 'colour-slots') return null;
  const created = createDecoder(decoder, { latentSize: latentSize(config), channels: encoder.channelMean.length });
  if (created.side !== encoder.inputSize)
    throw new UsageError(
      `decoder '${decoder.kind}' draws ${created.side} pixels a side, its encoder reads ${encoder.inputSize}: they must be alike`,
    );
  return created;
}

/** [height, width, channels] of what a model draws; null where it doesn't. */
export function pictureShape(config: ModelConfig): readonly [number, number, number] | null {
  const decoder = decoderOf(config);
  return decoder === null ? null : [decoder.side, decoder.side, config.frame[2]];
}

import type { EncoderConfig, EncoderKind, ModelConfig } from '../config.ts';
import { colourSlots } from './colour-slots.ts';
import type { Encoder } from './encoder.ts';
import { spatialSoftmaxEncoder } from './spatial-softmax.ts';
import { stridedConvolution } from './strided-convolution.ts';
import { visionTransformer } from './vision-transformer.ts';

type Factories = {
  readonly [K in EncoderKind]: (config: Extract<EncoderConfig, { readonly kind: K }>) => Encoder;
};

/** Every encoder there is. */
const factories: Factories = {
  'strided-convolution': stridedConvolution,
  'spatial-softmax': spatialSoftmaxEncoder,
  'vision-transformer': visionTransformer,
  'colour-slots': colourSlots,
};

export const encoderKinds = Object.keys(factories) as readonly EncoderKind[];

/** A model's encoder: of several frames, it reads each one's channels as it would read a single one's. */
export function encoderOf({ encoder, history = 1 }: Pick<ModelConfig, 'encoder' | 'history'>): Encoder {
  if (encoder.kind === 'colour-slots' || history === 1) return createEncoder(encoder);
  const each = (values: readonly number[]): number[] => Array.from({ length: history }, () => values).flat();
  const { channelMean, channelScale } = encoder;
  return createEncoder({ ...encoder, channelMean: each(channelMean), channelScale: each(channelScale) });
}

/** The encoder that `config` describes. @throws UsageError for sizes that don't go together */
export function createEncoder(config: EncoderConfig): Encoder {
  // The table's type pairs each kind with its own configuration; indexing it by a union loses that.
  return (factories[config.kind] as (config: EncoderConfig) => Encoder)(config);
}

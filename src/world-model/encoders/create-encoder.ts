import type { EncoderConfig, EncoderKind } from '../config.ts';
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

/** The encoder that `config` describes. @throws UsageError for sizes that don't go together */
export function createEncoder(config: EncoderConfig): Encoder {
  // The table's type pairs each kind with its own configuration; indexing it by a union loses that.
  return (factories[config.kind] as (config: EncoderConfig) => Encoder)(config);
}

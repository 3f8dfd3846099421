import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import type { Tensor } from '../../engine/tf.ts';

/** Latents to pictures. R rows, D latent size. */
export interface Decoder {
  /** Pixels a side of what it draws. */
  readonly side: number;
  /** All names begin with `decoder.`. */
  readonly specs: ParameterSpecs;
  /** [R, D] -> [R, side, side, C], in units of order one. */
  decode(parameters: Tensors, latent: Tensor): Tensor;
}

export interface DecoderSizes {
  readonly latentSize: number;
  /** C: channels of the picture. */
  readonly channels: number;
}

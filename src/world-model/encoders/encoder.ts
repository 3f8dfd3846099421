import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import type { Tensor } from '../../engine/tf.ts';

/** What each slot measures without learning: covered area in pixels and radius in frame widths, [R, N] each. */
export interface SlotMeasures {
  readonly mass: Tensor;
  readonly radius: Tensor;
}

/** Pixels to latents. R frames, N slots, D latent size. */
export interface Encoder {
  /** N. A flat encoder has one, which is always filled. */
  readonly slots: number;
  /** Whether a latent begins with its slot's place, measured: `placeSize` numbers. */
  readonly placed: boolean;
  /** All names begin with `encoder.`. */
  readonly specs: ParameterSpecs;
  /** [R, height, width, channels], values 0 ... 255 -> [R, N, D]. */
  encode(parameters: Tensors, frames: Tensor): Tensor;
  /** Null where there is one slot that is always filled. */
  measure(frames: Tensor): SlotMeasures | null;
}

/** An encoder of the whole picture: one latent, always filled, learned throughout. */
export function flatEncoder({ specs, encode }: Pick<Encoder, 'specs' | 'encode'>): Encoder {
  return { slots: 1, placed: false, specs, encode, measure: () => null };
}

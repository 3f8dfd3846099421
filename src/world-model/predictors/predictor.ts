import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';

/** Where imagination stands. */
export interface PredictorState {
  /** [R, N, D] */
  readonly latent: Tensor;
  /**
   * What a predictor carries from step to step beside the latent, in a shape of its own with R rows first; null where
   * it begins. It is no part of the latent: no loss, distance or probe sees it.
   */
  readonly memory: Tensor | null;
}

/** Latents to later latents, by the action in between. R rows, N slots, D latent size, A action size. */
export interface Predictor {
  /** All names begin with `predictor.`. */
  readonly specs: ParameterSpecs;
  /** One predictor step under `action` [R, A]; `presence` [R, N - 1] is 1 for slots that hold an object. */
  step(parameters: Tensors, state: PredictorState, action: Tensor, presence?: Tensor): PredictorState;
}

export interface PredictorSizes {
  readonly latentSize: number;
  /** Of these, how many are measured: they come first. 0 for flat latents. */
  readonly measuredSize: number;
  /** Of the measured ones, how many tell the pusher's velocity: the last of them. @defaultValue 0 */
  readonly velocitySize?: number;
  /** Of a flat latent, how many numbers stay as they are: the last of them. @defaultValue 0 */
  readonly staticSize?: number;
  readonly actionSize: number;
}

/** [R, 1, D] -> [R, D], for predictors of one flat latent. */
export function flatten(latent: Tensor): Tensor {
  return tf.reshape(latent, [latent.shape[0]!, latent.shape[2]!]);
}

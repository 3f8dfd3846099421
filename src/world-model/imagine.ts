import type { Tensors } from '../engine/program.ts';
import type { Tensor } from '../engine/tf.ts';
import { ensembleMean, headParameters } from './predictors/ensemble.ts';
import type { Predictor, PredictorState } from './predictors/predictor.ts';

/** Latents under a sequence of actions, the present first: H + 1 of [R, N, D]. */
export interface Imagined {
  /** The mean over the ensemble's heads; of a single predictor, what it says. */
  readonly latents: readonly Tensor[];
  /** What each head says, going by its own predictions alone: [heads][H + 1]. */
  readonly heads: readonly (readonly Tensor[])[];
}

export interface ImagineOptions {
  /** [R, N - 1], 1 for slots that hold an object. @defaultValue all do */
  readonly presence?: Tensor;
}

/** Rolls `latent` [R, N, D] forward under `actions`, [R, A] each, by each head of the ensemble apart. */
export function imagineLatents(
  predictor: Predictor,
  parameters: Tensors,
  headCount: number,
  latent: Tensor,
  actions: readonly Tensor[],
  { presence }: ImagineOptions = {},
): Imagined {
  const heads = Array.from({ length: headCount }, (_, head) => {
    const own = headParameters(parameters, head);
    let state: PredictorState = { latent, memory: null };
    const latents = [latent];
    for (const action of actions) {
      state = predictor.step(own, state, action, presence);
      latents.push(state.latent);
    }
    return latents;
  });
  // The present is the same for all.
  const latents = [latent, ...actions.map((_, step) => ensembleMean(heads.map((head) => head[step + 1]!)))];
  return { latents, heads };
}

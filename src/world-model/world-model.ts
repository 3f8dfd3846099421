import type { LatentDynamics } from '../core/contracts.ts';
import { mlp, mlpSpecs } from '../engine/nn/mlp.ts';
import type { ParameterSpecs } from '../engine/parameters.ts';
import type { Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentSize, type ModelConfig, placeSize } from './config.ts';
import { colourSlotsSpecs, encodeSlots, measureSlots, perceiveSlots, placeOf } from './encoders/colour-slots.ts';
import { encodeStridedConvolution, stridedConvolutionSpecs } from './encoders/strided-convolution.ts';
import { interactionSpecs, predictInteraction } from './predictors/interaction.ts';
import { predictResidualMlp, residualMlpSpecs } from './predictors/residual-mlp.ts';

/** A model's parts as pure functions over bound parameters. R rows, N slots, D latent size. */
export interface WorldModel extends LatentDynamics<Tensor> {
  /**
   * What is seen of each slot without learning: covered area in pixels and radius in frame widths, [R, N] each;
   * null where there is one slot that is always filled.
   */
  measure(frames: Tensor): { readonly mass: Tensor; readonly radius: Tensor } | null;
  /** Presence [R, N - 1] of objects matters while training on scenes of differing numbers. */
  predict(latent: Tensor, action: Tensor, presence?: Tensor): Tensor;
  /** The action between two latents of slot 0: [R, D] x [R, D] -> [R, A]. Training and the `inverse` baseline. */
  inverse(before: Tensor, after: Tensor): Tensor;
  /**
   * Position [R, N, 2] in table widths; heading [R, N, 4] as cos a, sin a, cos 2a, sin 2a, the last two being all
   * that can be told of a shape that looks the same after half a turn; null where a model has no such probe.
   */
  probe(latent: Tensor): { readonly position: Tensor; readonly heading: Tensor | null };
}

/** Numbers of the heading probe. */
export const headingSize = 4;

/** Shapes and initial values of every parameter of the model that `config` describes. */
export function worldModelSpecs(config: ModelConfig): ParameterSpecs {
  const { encoder, predictor, action, inverseHidden, probeHidden } = config;
  const size = latentSize(config);
  return {
    ...(encoder.kind === 'colour-slots' ? colourSlotsSpecs(encoder) : stridedConvolutionSpecs(encoder)),
    ...(predictor.kind === 'interaction'
      ? interactionSpecs(predictor, size - placeSize, action.low.length)
      : residualMlpSpecs(predictor, size, action.low.length)),
    ...mlpSpecs('inverse', [2 * size, ...inverseHidden, action.low.length]),
    ...(encoder.kind === 'colour-slots'
      ? mlpSpecs('probe.heading', [encoder.whatSize, ...probeHidden, headingSize])
      : mlpSpecs('probe.position', [size, ...probeHidden, 2])),
  };
}

/** An action-conditioned joint-embedding predictive architecture (LeCun, 2022): latents predict latents, never pixels. */
export function bindWorldModel(config: ModelConfig, parameters: Tensors): WorldModel {
  const { encoder, predictor } = config;
  return {
    encode: (frames) =>
      encoder.kind === 'colour-slots'
        ? encodeSlots(parameters, perceiveSlots(frames, encoder), encoder)
        : encodeStridedConvolution(parameters, frames, encoder),
    measure: (frames) => (encoder.kind === 'colour-slots' ? measureSlots(frames, encoder) : null),
    predict: (latent, action, presence) =>
      predictor.kind === 'interaction'
        ? predictInteraction(parameters, latent, action, presence)
        : predictResidualMlp(parameters, latent, action),
    inverse: (before, after) => mlp(parameters, 'inverse', tf.concat([before, after], 1), { activation: 'relu' }),
    probe: (latent) => {
      if (encoder.kind !== 'colour-slots')
        return { position: mlp(parameters, 'probe.position', latent, { activation: 'silu' }), heading: null };
      const [, what] = tf.split(latent, [placeSize, encoder.whatSize], -1) as [Tensor, Tensor];
      return {
        position: placeOf(latent),
        heading: mlp(parameters, 'probe.heading', what, { activation: 'silu' }),
      };
    },
  };
}

/** Slots of the encoder's output: one a prototype, or a single flat one. */
export function slotCount(config: ModelConfig): number {
  return config.encoder.kind === 'colour-slots' ? config.encoder.prototypes.length : 1;
}

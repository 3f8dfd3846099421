import type { LatentDynamics } from '../core/contracts.ts';
import { mlp, mlpSpecs } from '../engine/nn/mlp.ts';
import type { ParameterSpecs } from '../engine/parameters.ts';
import type { Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import {
  type LatentParts,
  latentParts,
  latentSize,
  type ModelConfig,
  measuredSize,
  placeSize,
  staticSize,
} from './config.ts';
import { decoderOf } from './decoders/create-decoder.ts';
import { placeOf } from './encoders/colour-slots.ts';
import { encoderOf } from './encoders/create-encoder.ts';
import type { SlotMeasures } from './encoders/encoder.ts';
import { readPicture } from './encoders/read-picture.ts';
import { type Imagined, type ImagineOptions, imagineLatents } from './imagine.ts';
import { createPredictor } from './predictors/create-predictor.ts';
import { ensembleSpecs } from './predictors/ensemble.ts';
import type { Predictor } from './predictors/predictor.ts';
import { fuseProprioception, proprioceptionSpecs } from './proprioception.ts';

/** A model's parts as pure functions over bound parameters. R rows, N slots, D latent size. */
export interface WorldModel extends LatentDynamics<Tensor> {
  /** Numbers of a latent that are measured, not learned: its first. */
  readonly measuredSize: number;
  readonly parts: LatentParts;
  /**
   * [R, ...pictureShape] of bytes, and [R, 4] proprioception where the model goes by it -> [R, N, D].
   * @throws UsageError where it goes by it and none is given
   */
  encode(frames: Tensor, proprioception?: Tensor): Tensor;
  /** What is seen of each slot without learning; null where there is one slot that is always filled. */
  measure(frames: Tensor): SlotMeasures | null;
  /**
   * Latents [R, N, D] rolled forward under actions [R, A] each: what predictors remember travels from step to step,
   * and each head of an ensemble goes its own way.
   */
  imagine(latent: Tensor, actions: readonly Tensor[], options?: ImagineOptions): Imagined;
  /**
   * One step of `imagine` that begins with nothing remembered. Presence [R, N - 1] of objects matters while training
   * on scenes of differing numbers.
   */
  predict(latent: Tensor, action: Tensor, presence?: Tensor): Tensor;
  /** The action between two latents of slot 0: [R, D] x [R, D] -> [R, A]. Training and the `inverse` baseline. */
  inverse(before: Tensor, after: Tensor): Tensor;
  /**
   * Position [R, N, 2] in table widths; heading [R, N, 4] as cos a, sin a, cos 2a, sin 2a, the last two being all
   * that can be told of a shape that looks the same after half a turn; null where a model has no such probe. Of a flat
   * latent with several `things` N counts these.
   */
  probe(latent: Tensor): { readonly position: Tensor; readonly heading: Tensor | null };
  /** Null where latents are never drawn. */
  readonly drawing: Drawing | null;
}

/** What a generative model draws, and what it is compared with: pictures [R, side, side, C] as the encoder reads them. */
export interface Drawing {
  /** [R, height, width, C], values 0 ... 255 -> a picture. */
  read(frames: Tensor): Tensor;
  /** [R, 1, D] -> a picture. */
  draw(latent: Tensor): Tensor;
}

/** Numbers of the heading probe. */
export const headingSize = 4;

/** Shapes and initial values of every parameter of the model that `config` describes. */
export function worldModelSpecs(config: ModelConfig): ParameterSpecs {
  const { action, inverseHidden, probeHidden } = config;
  const size = latentSize(config);
  const encoder = encoderOf(config);
  return {
    ...encoder.specs,
    ...proprioceptionSpecs(config),
    ...ensembleSpecs(predictorOf(config).specs, headCount(config)),
    ...(inverseHidden === undefined ? {} : mlpSpecs('inverse', [2 * size, ...inverseHidden, action.low.length])),
    ...(encoder.placed
      ? mlpSpecs('probe.heading', [size - placeSize - latentParts(config).velocity, ...probeHidden, headingSize])
      : mlpSpecs('probe.position', [size, ...probeHidden, 2 * thingCount(config)])),
    ...decoderOf(config)?.specs,
  };
}

/**
 * An action-conditioned joint-embedding predictive architecture (LeCun, 2022): latents predict latents, never pixels. With
 * a decoder, what it is compared with: a generative world model of the same parts.
 */
export function bindWorldModel(config: ModelConfig, parameters: Tensors): WorldModel {
  const encoder = encoderOf(config);
  const predictor = predictorOf(config);
  const heads = headCount(config);
  const parts = latentParts(config);
  const imagine: WorldModel['imagine'] = (latent, actions, options) =>
    imagineLatents(predictor, parameters, heads, latent, actions, options);
  return {
    measuredSize: measuredSize(config),
    parts,
    encode: (frames, proprioception) =>
      fuseProprioception(config, parameters, encoder.encode(parameters, frames), proprioception),
    measure: (frames) => encoder.measure(frames),
    imagine,
    predict: (latent, action, presence) =>
      imagine(latent, [action], presence === undefined ? {} : { presence }).latents[1]!,
    inverse: (before, after) => mlp(parameters, 'inverse', tf.concat([before, after], 1), { activation: 'relu' }),
    probe: (latent) => {
      if (!encoder.placed) {
        const position = mlp(parameters, 'probe.position', latent, { activation: 'silu' });
        const things = thingCount(config);
        return { position: things === 1 ? position : tf.reshape(position, [-1, things, 2]), heading: null };
      }
      return {
        position: placeOf(latent),
        heading: mlp(parameters, 'probe.heading', looksOf(latent, parts), { activation: 'silu' }),
      };
    },
    drawing: drawingOf(config, parameters),
  };
}

function drawingOf(config: ModelConfig, parameters: Tensors): Drawing | null {
  const { encoder } = config;
  const decoder = decoderOf(config);
  if (decoder === null || encoder.kind === 'colour-slots') return null;
  return {
    read: (frames) => readPicture(frames, encoder),
    draw: (latent) => decoder.decode(parameters, tf.reshape(latent, [-1, latentSize(config)])),
  };
}

/** Things whose positions are probed in one latent. */
function thingCount({ things }: ModelConfig): number {
  return things?.length ?? 1;
}

/** Slots of the encoder's output: one a prototype, or a single flat one. */
export function slotCount(config: ModelConfig): number {
  return encoderOf(config).slots;
}

function predictorOf(config: ModelConfig): Predictor {
  return createPredictor(config.predictor, {
    latentSize: latentSize(config),
    measuredSize: measuredSize(config),
    velocitySize: latentParts(config).velocity,
    staticSize: staticSize(config),
    actionSize: config.action.low.length,
  });
}

/** What tells how a thing is turned: all of its latent but where it is and how fast. */
function looksOf(latent: Tensor, { place, moments, velocity, learned }: LatentParts): Tensor {
  if (velocity === 0) return tf.split(latent, [place, moments + learned], -1)[1]!;
  const parts = tf.split(latent, [place, moments, velocity, learned], -1) as [Tensor, Tensor, Tensor, Tensor];
  return moments === 0 ? parts[3] : tf.concat([parts[1], parts[3]], -1);
}

/** Predictors beside each other. */
function headCount({ ensemble = 1 }: ModelConfig): number {
  return ensemble;
}

import { createRng, type Rng } from '../../src/core/rng.ts';
import { initialise, layoutOf, type ParameterLayout } from '../../src/engine/parameters.ts';
import type { DecoderConfig, DecoderKind, ModelConfig } from '../../src/world-model/config.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';

type Encoders = { readonly [K in ModelConfig['encoder']['kind']]: Extract<ModelConfig['encoder'], { kind: K }> };
type Predictors = { readonly [K in ModelConfig['predictor']['kind']]: Extract<ModelConfig['predictor'], { kind: K }> };

export const frameSide = 24;
const background: [number, number, number] = [240, 235, 230];
const prototypes: [number, number, number][] = [
  [40, 45, 50],
  [220, 40, 50],
  [30, 90, 220],
];
const picture = { inputSize: 12, channelMean: [0.9, 0.9, 0.9], channelScale: [2, 2, 2], latentSize: 6 };

/** One small configuration for every encoder: a kind without one does not type-check. */
export const encoders: Encoders = {
  'strided-convolution': { kind: 'strided-convolution', ...picture, channels: [4, 6] },
  'spatial-softmax': { kind: 'spatial-softmax', ...picture, patchSize: 2, channels: 6, keypoints: 4, hidden: 12 },
  'vision-transformer': { kind: 'vision-transformer', ...picture, patchSize: 4, width: 8, heads: 2, blocks: 2 },
  'colour-slots': {
    kind: 'colour-slots',
    ...{ background, prototypes, cropSize: 8, cropHidden: [8], hidden: 16, whatSize: 4 },
  },
};

export const predictors: Predictors = {
  'residual-mlp': { kind: 'residual-mlp', hidden: [16, 16] },
  gru: { kind: 'gru', width: 12 },
  'causal-transformer': { kind: 'causal-transformer', window: 3, width: 8, heads: 2, blocks: 2 },
  interaction: { kind: 'interaction', pusherHidden: [8], width: 12, messageWidth: 5 },
};

type Decoders = { readonly [K in DecoderKind]: Extract<DecoderConfig, { kind: K }> };

/** Each draws pictures of the side that the small encoders of the whole picture read. */
export const decoders: Decoders = {
  'transposed-convolution': { kind: 'transposed-convolution', hidden: [10], firstSide: 3, channels: [5, 4] },
  blobs: { kind: 'blobs', hidden: [16], count: 5, side: 12 },
};

/** A whole small model, its other half being what goes with the one asked for. */
export function modelWith(
  parts: Partial<
    Pick<ModelConfig, 'encoder' | 'predictor' | 'ensemble' | 'proprioception' | 'history' | 'decoder' | 'things'>
  >,
): ModelConfig {
  const slots = parts.encoder?.kind === 'colour-slots' || parts.predictor?.kind === 'interaction';
  return {
    format: 'amitable.model/1',
    world: slots ? 'tabletop' : 'two-rooms',
    frame: [frameSide, frameSide, 3],
    action: { low: [-1, -1], high: [1, 1] },
    actionRepeat: 1,
    encoder: slots ? encoders['colour-slots'] : encoders['strided-convolution'],
    predictor: slots ? predictors.interaction : predictors['residual-mlp'],
    inverseHidden: [4],
    probeHidden: [8],
    planner: { name: 'cem', options: { horizon: 3 } },
    ...parts,
  };
}

/** Models that go by proprioception beside pictures, of both kinds of latents. */
export const feeling: Readonly<Record<string, ModelConfig>> = {
  'colour-slots with proprioception': modelWith({
    encoder: { ...encoders['colour-slots'], moments: true },
    predictor: { ...predictors.interaction, axes: 'pusher' },
    proprioception: { velocityScale: 8 },
  }),
  'strided-convolution with proprioception': modelWith({
    encoder: encoders['strided-convolution'],
    proprioception: { velocityScale: 8 },
  }),
};

/** Its parameters as they start. */
export function started(config: ModelConfig, seed = 0): { layout: ParameterLayout; parameters: Float32Array } {
  const layout = layoutOf(worldModelSpecs(config));
  return { layout, parameters: initialise(layout, createRng(seed, 'sample-models')) };
}

/** The same with nothing at zero: what starts at zero hides what is behind it. */
export function stirred(config: ModelConfig, seed = 0): { layout: ParameterLayout; parameters: Float32Array } {
  const { layout, parameters } = started(config, seed);
  const rng = createRng(seed, 'stirred');
  return { layout, parameters: parameters.map((value) => (value === 0 ? 0.3 * rng.normal() : value)) };
}

/** Tables with a box of each prototype's colour somewhere, [rows, side, side, 3] bytes. */
export function paintFrames(rows: number, rng: Rng): Float32Array {
  const frames = Float32Array.from({ length: rows * frameSide * frameSide * 3 }, (_, i) => background[i % 3]!);
  for (let row = 0; row < rows; row++) {
    for (const colour of prototypes) {
      const [left, top] = [rng.integer(frameSide - 8), rng.integer(frameSide - 8)];
      const [width, height] = [3 + rng.integer(5), 3 + rng.integer(5)];
      for (let y = top; y < top + height; y++)
        for (let x = left; x < left + width; x++) frames.set(colour, 3 * ((row * frameSide + y) * frameSide + x));
    }
  }
  return frames;
}

import { z } from 'zod';
import { RunError } from '../core/errors.ts';
import { worldNames } from '../core/task.ts';

/** A colour as sRGB bytes. */
const colour = z.tuple([z.number(), z.number(), z.number()]);
const size = z.number().int().positive();
const sizes = z.array(size).min(1);

/** How the picture is read by encoders of the whole of it, and how large their one latent is. */
const wholePicture = {
  /** The picture is area-resized to this many pixels a side. */
  inputSize: size,
  /** Input channels are (byte / 255 - mean) x scale. */
  channelMean: z.array(z.number()),
  channelScale: z.array(z.number()),
  latentSize: size,
  /** Of the latent, how many numbers hold what never changes within an episode: its last. @defaultValue 0 */
  staticSize: size.exactOptional(),
};

/** Convolutions over the whole picture into one flat latent. */
export const stridedConvolutionConfig = z.strictObject({
  kind: z.literal('strided-convolution'),
  ...wholePicture,
  /** Output channels of each 4x4, stride-2 convolution. */
  channels: sizes,
});

/** Convolutions, then where each of several heat maps points and what is seen there, into one flat latent. */
export const spatialSoftmaxConfig = z.strictObject({
  kind: z.literal('spatial-softmax'),
  ...wholePicture,
  /** Side, and stride, of the first convolution. */
  patchSize: size,
  channels: size,
  keypoints: size,
  hidden: size,
});

/** A vision transformer over square patches into one flat latent. */
export const visionTransformerConfig = z.strictObject({
  kind: z.literal('vision-transformer'),
  ...wholePicture,
  patchSize: size,
  width: size,
  heads: size,
  blocks: size,
});

/** One latent per coloured thing, weights shared: where it is, measured, and what it looks like there, learned. */
export const colourSlotsConfig = z.strictObject({
  kind: z.literal('colour-slots'),
  background: colour,
  /** Prototype colours, the pusher's first. Fitted from pixels. */
  prototypes: z.array(colour).min(2),
  /** Side of the crop around the centroid, in pixels. */
  cropSize: size,
  cropHidden: sizes,
  hidden: size,
  /** Learned dimensions; two more hold the place. */
  whatSize: size,
  /** Whether latents hold the shape's complex moments too, six numbers after the place. @defaultValue false */
  moments: z.boolean().exactOptional(),
  /** Whether what is learned is learned from the crop beside its moments. @defaultValue true */
  crop: z.boolean().exactOptional(),
});

export const residualMlpConfig = z.strictObject({ kind: z.literal('residual-mlp'), hidden: sizes });

export const interactionConfig = z.strictObject({
  kind: z.literal('interaction'),
  pusherHidden: sizes,
  width: size,
  messageWidth: size,
  /** Layers between what an object is told and what it does, beside the first. @defaultValue 1 */
  residualLayers: size.exactOptional(),
  /**
   * Axes in which an object is told of the pusher and moves: the table's, or the line from it to the pusher, in which a
   * push is the same push from wherever it comes. @defaultValue 'table'
   */
  axes: z.enum(['table', 'pusher']).exactOptional(),
  /** Whether objects hear of each other. @defaultValue true */
  messages: z.boolean().exactOptional(),
  /** Whether a learned gate decides how much of what is proposed for an object happens. @defaultValue true */
  gate: z.boolean().exactOptional(),
});

/** A recurrent cell: it remembers the latents and actions that led to the present one. */
export const gruConfig = z.strictObject({ kind: z.literal('gru'), width: size });

/** A causal transformer over the latest latents, each conditioned by the action that followed it. */
export const causalTransformerConfig = z.strictObject({
  kind: z.literal('causal-transformer'),
  /** Latents that it sees, the present one among them. */
  window: size,
  width: size,
  heads: size,
  blocks: size,
});

/** A perceptron to a small map, then 4x4 transposed convolutions that double it. */
export const transposedConvolutionConfig = z.strictObject({
  kind: z.literal('transposed-convolution'),
  /** Widths between the latent and the first map. */
  hidden: z.array(size),
  /** Side of the first map, in pixels. */
  firstSide: size,
  /** Channels of the first map and of each after it, up to the picture. */
  channels: sizes,
});

/** Gaussian blobs on a learned background. */
export const blobsConfig = z.strictObject({
  kind: z.literal('blobs'),
  hidden: sizes,
  /** How many. */
  count: size,
  /** Pixels a side of the picture. */
  side: size,
});

const encoderConfig = z.discriminatedUnion('kind', [
  stridedConvolutionConfig,
  spatialSoftmaxConfig,
  visionTransformerConfig,
  colourSlotsConfig,
]);

const predictorConfig = z.discriminatedUnion('kind', [
  residualMlpConfig,
  gruConfig,
  causalTransformerConfig,
  interactionConfig,
]);

const decoderConfig = z.discriminatedUnion('kind', [transposedConvolutionConfig, blobsConfig]);

const modelFields = z.strictObject({
  format: z.literal('amitable.model/1'),
  world: z.enum(worldNames),
  /** [height, width, channels] of the frames it sees. */
  frame: z.tuple([size, size, size]),
  /** Bounds of one action, in the environment's units: the agent never plans beyond them. */
  action: z.strictObject({
    low: z.array(z.number()).min(1),
    high: z.array(z.number()).min(1),
    maxNorm: z.number().positive().exactOptional(),
  }),
  /** Control steps in one predictor step; the action is held meanwhile. */
  actionRepeat: size,
  encoder: encoderConfig,
  predictor: predictorConfig,
  /**
   * Where the pusher's velocity, which no single picture shows, is part of the latents: see `fuseProprioception`.
   * @defaultValue the model goes by pictures alone
   */
  proprioception: z
    .strictObject({
      /** Velocities, in table widths a control step, are multiplied by this: to be of variance about one. */
      velocityScale: z.number().positive(),
    })
    .exactOptional(),
  /**
   * Flat encoders: how many frames it goes by, a predictor step apart, the present one last; their channels are
   * stacked. At the start of an episode its first frame stands for those before it. @defaultValue the present one alone
   */
  history: z.number().int().min(2).exactOptional(),
  /** Predictors beside each other on the one encoder, alike but for their starting values. @defaultValue one */
  ensemble: z.number().int().min(2).exactOptional(),
  /** Absent: no action is read from two latents. */
  inverseHidden: sizes.exactOptional(),
  probeHidden: sizes,
  /**
   * Colours of the things whose places are read from one flat latent, the pusher's first. Fitted from pixels.
   * @defaultValue the only thing there is
   */
  things: z.array(colour).min(2).exactOptional(),
  /** What makes the model a generative one: latents are drawn as the encoder reads pictures. @defaultValue none */
  decoder: decoderConfig.exactOptional(),
  /** The planner that the model's scores were measured with, and its options. */
  planner: z.strictObject({ name: z.string(), options: z.record(z.string(), z.unknown()) }),
  /** Error of the position probe 0, 1, ... predictor steps ahead, on held-out play: quantiles in table widths. */
  calibration: z
    .strictObject({
      quantile: z.number(),
      episodes: size,
      pusherError: z.array(z.number()).min(1),
      objectError: z.array(z.number()).min(1),
    })
    .optional(),
});

export const modelConfigSchema = modelFields
  .refine(({ encoder, predictor }) => (encoder.kind === 'colour-slots') === (predictor.kind === 'interaction'), {
    path: ['predictor', 'kind'],
    error: "'interaction' predicts the slots of 'colour-slots', and nothing else does: all others take one flat latent",
  })
  .refine(({ encoder }) => encoder.kind === 'colour-slots' || (encoder.staticSize ?? 0) <= encoder.latentSize - 2, {
    path: ['encoder', 'staticSize'],
    error: 'leave at least two numbers of the latent to what moves',
  })
  .refine(({ encoder, things }) => things === undefined || encoder.kind !== 'colour-slots', {
    path: ['things'],
    error: "'colour-slots' has its things among its prototypes: leave them out",
  })
  .refine(({ encoder, decoder }) => decoder === undefined || encoder.kind !== 'colour-slots', {
    path: ['decoder'],
    error: "it draws what one flat latent holds: 'colour-slots' has several",
  })
  .refine(({ encoder, decoder, history }) => history === undefined || (encoder.kind !== 'colour-slots' && !decoder), {
    path: ['history'],
    error: "'colour-slots', and what draws, go by one frame: what moves can be told by `proprioception`",
  });

export type ModelConfig = z.infer<typeof modelConfigSchema>;
export type EncoderConfig = z.infer<typeof encoderConfig>;
export type EncoderKind = EncoderConfig['kind'];
export type PredictorConfig = z.infer<typeof predictorConfig>;
export type PredictorKind = PredictorConfig['kind'];
export type WholePictureConfig = Pick<StridedConvolutionConfig, 'inputSize' | 'channelMean' | 'channelScale'>;
export type StridedConvolutionConfig = z.infer<typeof stridedConvolutionConfig>;
export type SpatialSoftmaxConfig = z.infer<typeof spatialSoftmaxConfig>;
export type VisionTransformerConfig = z.infer<typeof visionTransformerConfig>;
export type ColourSlotsConfig = z.infer<typeof colourSlotsConfig>;
export type ResidualMlpConfig = z.infer<typeof residualMlpConfig>;
export type GruConfig = z.infer<typeof gruConfig>;
export type DecoderConfig = z.infer<typeof decoderConfig>;
export type DecoderKind = DecoderConfig['kind'];
export type BlobsConfig = z.infer<typeof blobsConfig>;
export type TransposedConvolutionConfig = z.infer<typeof transposedConvolutionConfig>;
export type CausalTransformerConfig = z.infer<typeof causalTransformerConfig>;
export type InteractionConfig = z.infer<typeof interactionConfig>;

/** Reads a `config.json`. Unknown keys and wrong values are errors that name the field. */
export function parseModelConfig(data: unknown, source: string): ModelConfig {
  const result = modelConfigSchema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new RunError(`${source} is not a model configuration of this version: ${problems.join('; ')}`);
}

/** [height, width, channels] of what the encoder takes: a frame, or several with their channels stacked. */
export function pictureShape({ frame: [height, width, channels], history = 1 }: ModelConfig): [number, number, number] {
  return [height, width, channels * history];
}

/** Dimensions of the parts of one slot's latent, in their order. All of a flat latent is learned. */
export interface LatentParts {
  readonly place: number;
  readonly moments: number;
  /** The pusher's, measured by its own body; other slots have zeros there. */
  readonly velocity: number;
  readonly learned: number;
}

export function latentParts({ encoder, proprioception }: LatentConfig): LatentParts {
  if (encoder.kind !== 'colour-slots') return { place: 0, moments: 0, velocity: 0, learned: encoder.latentSize };
  return {
    place: placeSize,
    moments: encoder.moments === true ? momentSize : 0,
    velocity: proprioception === undefined ? 0 : velocitySize,
    learned: encoder.whatSize,
  };
}

/** What of a configuration decides what latents are made of. */
export type LatentConfig = Pick<ModelConfig, 'encoder' | 'proprioception'>;

/** Dimensions of one slot's latent: D. */
export function latentSize(config: LatentConfig): number {
  return measuredSize(config) + latentParts(config).learned;
}

/** Dimensions of a flat latent that predictors carry over unchanged; they come last. None in slots. */
export function staticSize({ encoder }: Pick<ModelConfig, 'encoder'>): number {
  return encoder.kind === 'colour-slots' ? 0 : (encoder.staticSize ?? 0);
}

/** Dimensions of a slot's latent that are measured, not learned; they come first. None in flat latents. */
export function measuredSize(config: LatentConfig): number {
  const { place, moments, velocity } = latentParts(config);
  return place + moments + velocity;
}

/** A slot's latent begins with its place: two dimensions. */
export const placeSize = 2;

/** Then, where it has them, its shape's moments: real parts of c_20, c_21, c_30, then their imaginary parts. */
export const momentSize = 6;

/** Then, where the model is told of it, the pusher's velocity. */
export const velocitySize = 2;

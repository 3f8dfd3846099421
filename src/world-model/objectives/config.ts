import { z } from 'zod';

const weight = z.number().min(0);

/** Weights of the terms that any objective can be joined by, and their defaults. */
const auxiliaries = (defaults: { readonly similarity: number; readonly temporalVariance: number }) => ({
  /** Of the mean squared change from one step to the next. */
  similarity: weight.default(defaults.similarity),
  /** Of the bends in latent paths. */
  straightening: weight.default(0),
  /** Of the lack of variance within windows. */
  temporalVariance: weight.default(defaults.temporalVariance),
  /** Of the error of the action read from two successive latents; at 0 its head still learns, as a measure. */
  inverse: weight.default(2),
});

const smoothed = auxiliaries({ similarity: 1, temporalVariance: 0 });
/** What pulls latents together without anything to push them apart only hastens collapse. */
const unsmoothed = auxiliaries({ similarity: 0, temporalVariance: 0 });
/** Objectives that latents of scenes which stand still satisfy so well that inverse dynamics comes too late. */
const moving = auxiliaries({ similarity: 1, temporalVariance: 16 });

/** One entry an objective: its weights, which all have defaults. Unknown keys are errors. */
export const objectiveConfigSchema = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('vicreg'),
    variance: weight.default(16),
    covariance: weight.default(8),
    ...smoothed,
  }),
  z.strictObject({
    name: z.literal('barlow-twins'),
    alignment: weight.default(8),
    redundancy: weight.default(8),
    ...moving,
  }),
  z.strictObject({
    name: z.literal('sigreg'),
    weight: weight.default(0.1),
    /** Random directions a step. */
    slices: z.number().int().positive().default(64),
    ...smoothed,
  }),
  z.strictObject({
    name: z.literal('ema-teacher'),
    decay: z.number().min(0).lt(1).default(0.99),
    ...unsmoothed,
  }),
  z.strictObject({ name: z.literal('simsiam'), ...unsmoothed }),
  z.strictObject({
    name: z.literal('info-nce'),
    weight: weight.default(1),
    temperature: z.number().min(0.05).default(0.1),
    /** Whether frames of the same window are told apart too. */
    sameWindow: z.boolean().default(true),
    ...moving,
  }),
  z.strictObject({ name: z.literal('prediction-only'), ...unsmoothed }),
]);

/** What generative models are trained by in place of an objective on latents. */
export const reconstructionConfigSchema = z.strictObject({
  name: z.literal('reconstruction'),
  /** What a pixel that changes within its window weighs more than one that stays as it is. */
  movingWeight: weight.default(0),
});

export type ReconstructionConfig = z.infer<typeof reconstructionConfigSchema>;
export type ObjectiveConfig = z.infer<typeof objectiveConfigSchema>;
export type ObjectiveName = ObjectiveConfig['name'];
export type AuxiliaryWeights = Pick<ObjectiveConfig, 'similarity' | 'straightening' | 'temporalVariance' | 'inverse'>;

export const objectiveNames: readonly ObjectiveName[] = objectiveConfigSchema.options.map(
  ({ shape }) => shape.name.value,
);

/** The objective of that name with its default weights. */
export function defaultObjective(name: ObjectiveName): ObjectiveConfig {
  return objectiveConfigSchema.parse({ name });
}

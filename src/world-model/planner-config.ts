import { z } from 'zod';

/** How predictions are corrected, within an episode, by what was missing from past ones: see `correctionBy`. */
const correctionsConfig = z.strictObject({
  /** Width of the kernel over latents. */
  latent: z.number().positive(),
  /** Width of the kernel over actions. */
  action: z.number().positive(),
  /** Predictions that are kept, the latest. */
  count: z.number().int().positive(),
});

/** How a model is used, not what it knows. */
export const plannerConfig = z.strictObject({
  name: z.string(),
  options: z.record(z.string(), z.unknown()),
  /** Flat encoders. @defaultValue the model's word stands */
  corrections: correctionsConfig.exactOptional(),
});

export type Corrections = z.infer<typeof correctionsConfig>;

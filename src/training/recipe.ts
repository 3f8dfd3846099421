import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { shapeNames } from '../core/task.ts';
import { modelConfigSchema } from '../world-model/config.ts';
import { objectiveConfigSchema, reconstructionConfigSchema } from '../world-model/objectives/config.ts';

const count = z.number().int().positive();
const rate = z.number().positive();

const twoRoomsPlay = z.strictObject({
  kind: z.literal('two-rooms-play'),
  trajectories: count,
  frames: count,
  /** Trajectories that the model is measured on while it trains. @defaultValue 400 */
  heldOutTrajectories: count.exactOptional(),
});

const tabletopPlay = z.strictObject({
  kind: z.literal('tabletop-play'),
  /** Where: in Push-T's field there is one T, so `objects` and `shapes` must say so. @defaultValue 'tabletop' */
  world: z.enum(['tabletop', 'push-t']).exactOptional(),
  episodes: count,
  steps: count,
  /** Objects on the table, drawn uniformly between the two. */
  objects: z.tuple([count, count]),
  shapes: z.array(z.enum(shapeNames)).min(1),
  /** Share of each batch drawn from windows in which an object is seen to move. */
  movingShare: z.number().min(0).max(1),
  /** Share of each batch drawn from windows in which an object is seen to turn. @defaultValue 0 */
  turningShare: z.number().min(0).max(1).exactOptional(),
  /** Whether windows are turned by quarter turns and mirrored, anew each time they are drawn. @defaultValue false */
  symmetries: z.boolean().exactOptional(),
  /** Episodes that guardrails' margins are calibrated on when training is done; 0: on none. @defaultValue 600 */
  calibrationEpisodes: z.number().int().min(0).exactOptional(),
  /** Episodes that the model is measured on while it trains. @defaultValue 200 */
  heldOutEpisodes: count.exactOptional(),
});

const stage = z
  .strictObject({
    name: z.string(),
    steps: count,
    learningRate: rate,
    warmupSteps: z.number().int().min(0),
    /** Train only the parameters under this prefix, on the rest as it is. */
    only: z.string().optional(),
    /**
     * Two-Rooms: the predictor alone learns, on an encoder that stands still, from `batch` windows a step whose frames
     * were all encoded before the stage: at a small part of what a step costs with pictures. They may be longer than
     * the recipe's `offsets`, as long as what is planned.
     */
    encodedOnce: z.strictObject({ batch: count, span: count.exactOptional() }).optional(),
    /** Before this stage the agent plays with the model so far. */
    ownEpisodes: z
      .strictObject({
        episodes: count,
        steps: count,
        /** Share of each batch drawn from its plans, as they would turn out. */
        share: z.number().min(0).max(1),
        /** Share of each batch drawn from those windows of its plans that turn out otherwise than imagined. */
        brokenShare: z.number().min(0).max(1),
      })
      .optional(),
  })
  .refine(({ encodedOnce, only }) => encodedOnce === undefined || only?.startsWith('predictor') === true, {
    path: ['only'],
    error: "a stage that is encodedOnce trains the predictor alone: only: 'predictor'",
  });

/** Everything that decides a training run: with its seed, the same weights byte for byte. */
const recipeFields = z.strictObject({
  name: z.string(),
  model: modelConfigSchema,
  data: z.discriminatedUnion('kind', [twoRoomsPlay, tabletopPlay]),
  batch: count,
  /** Frames of a window that are encoded, in predictor steps from its start; rollout goes to the last. */
  offsets: z.array(z.number().int().min(0)).min(2),
  /** What latents, or pictures, are asked to be. Weights that are left out have the objective's defaults. */
  objective: z.discriminatedUnion('name', [...objectiveConfigSchema.options, reconstructionConfigSchema]),
  /** Slot models: weight of the places' squared error, in units of latents, against that of what is learned. */
  placeWeight: z.number().min(0).exactOptional(),
  /** Slot models with moments: weight of the moments' squared error. @defaultValue 1 */
  momentWeight: z.number().min(0).exactOptional(),
  optimiser: z.strictObject({ weightDecay: z.number().min(0), clipNorm: rate }),
  stages: z.array(stage).min(1),
  evaluateEvery: count,
  checkpointEvery: count,
});

export const recipeSchema = recipeFields
  .refine(({ model, objective }) => (model.decoder !== undefined) === (objective.name === 'reconstruction'), {
    path: ['objective', 'name'],
    error: "'reconstruction' trains models with a decoder, and nothing else does",
  })
  .refine(({ data, stages }) => data.kind === 'two-rooms-play' || stages.every((each) => !each.encodedOnce), {
    path: ['stages'],
    error: 'encodedOnce is for Two-Rooms; what is fixed on the table is perceived once anyway',
  });

export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeStage = Recipe['stages'][number];

/** Checked data as a recipe. @throws UsageError that lists what is wrong where; `source` names the file */
export function parseRecipe(data: unknown, source: string): Recipe {
  const result = recipeSchema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new UsageError(`${source} is not a training recipe: ${problems.join('; ')}`);
}

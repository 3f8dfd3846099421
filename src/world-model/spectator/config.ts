import { z } from 'zod';
import { RunError } from '../../core/errors.ts';
import { colourSlotsConfig } from '../config.ts';

const size = z.number().int().positive();

/**
 * Everything that describes a spectator: a model that watches and never acts. Its colours are those of scenery, of
 * screens, then of things, as far as they go by how much of the pictures they cover.
 */
export const spectatorConfigSchema = z.strictObject({
  format: z.literal('amitable.spectator/1'),
  /** [height, width, channels] of the frames it watches. */
  frame: z.tuple([size, size, size]),
  encoder: colourSlotsConfig,
  /** Side of the maps of scenery, screens and things, in cells; it divides the frame. */
  mapSize: size,
  /** Side of what it sees of the maps around each thing, in cells. */
  aroundSize: size,
  aroundHidden: z.array(size).min(1),
  /** Numbers that it remembers of each thing. */
  memorySize: size,
  /** Frames that it has watched when it foretells the next: declared with the model, never chosen on a test. */
  context: size,
  /** What an error of each part of a latent weighs, in training and as surprise. */
  weights: z.strictObject({ place: z.number().min(0), cover: z.number().min(0), what: z.number().min(0) }),
});

export type SpectatorConfig = z.infer<typeof spectatorConfigSchema>;

/** Reads a `config.json`. Unknown keys and wrong values are errors that name the field. */
export function parseSpectatorConfig(data: unknown, source: string): SpectatorConfig {
  const result = spectatorConfigSchema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new RunError(`${source} does not describe a spectator of this version: ${problems.join('; ')}`);
}

/** Prototypes that are no things: scenery and screens come first. */
export const sceneryColours = 2;

/** Maps: of scenery, of screens, of things. */
export const mapCount = sceneryColours + 1;

/** Numbers of a latent before what is learned: the place and how much of the thing is seen. */
export const seenSize = 3;

/** Dimensions of one thing's latent. */
export function spectatorLatentSize({ encoder }: SpectatorConfig): number {
  return seenSize + encoder.whatSize;
}

/** Colours of things. */
export function thingCount({ encoder }: SpectatorConfig): number {
  return encoder.prototypes.length - sceneryColours;
}

import { z } from 'zod';
import { RunError } from '../../core/errors.ts';

const size = z.number().int().positive();

/** Everything that describes a painter: a model that watches films and paints the next frame, pixel by pixel. */
export const painterConfigSchema = z.strictObject({
  format: z.literal('amitable.painter/1'),
  /** [height, width, channels] of the frames it watches. */
  frame: z.tuple([size, size, size]),
  /** Side of the squares of pixels that it reads and paints as one cell; it divides the frame. */
  patch: size,
  /** Numbers it makes of a cell's pixels. */
  readSize: size,
  /** Numbers that it remembers of each cell. */
  memorySize: size,
  /** Numbers of a cell from which it paints. */
  paintSize: size,
  /** Frames that it has watched when it paints the next: declared with the model, never chosen on a test. */
  context: size,
});

export type PainterConfig = z.infer<typeof painterConfigSchema>;

/** Reads a `config.json`. Unknown keys and wrong values are errors that name the field. */
export function parsePainterConfig(data: unknown, source: string): PainterConfig {
  const result = painterConfigSchema.safeParse(data);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
    throw new RunError(`${source} does not describe a painter of this version: ${problems.join('; ')}`);
  }
  const { frame, patch } = result.data;
  if (frame[0] % patch !== 0 || frame[1] % patch !== 0)
    throw new RunError(`${source}: patches of ${patch} pixels don't divide frames of ${frame[0]} x ${frame[1]}`);
  return result.data;
}

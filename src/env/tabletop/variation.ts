import { UsageError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import type { Range } from '../../core/task.ts';
import type { Rgb } from '../rasteriser/rasteriser.ts';
import { pusherColour, tableColour } from './palette.ts';

/** Factors of variation: a fixed value, or what each episode draws from. */
export interface Variation {
  /** How many of the scene's objects, from the first, are there. @defaultValue all */
  readonly objectCount?: number | Range;
  /** Each object's size, times its normal one. @defaultValue 1 */
  readonly size?: number | Range;
  /** Each object's mass, times what its area gives it. @defaultValue 1 */
  readonly mass?: number | Range;
  /** The table's friction, times its normal one. Below about 0.3 objects glide on. @defaultValue 1 */
  readonly friction?: number | Range;
  /** sRGB bytes, or a list to draw from. */
  readonly tableColour?: Rgb | readonly Rgb[];
  /** sRGB bytes, or a list to draw from. */
  readonly pusherColour?: Rgb | readonly Rgb[];
}

export interface VariationSampler {
  readonly objectCount: (rng: Rng) => number;
  /** The fewest objects an episode can have. */
  readonly fewestObjects: number;
  readonly size: (rng: Rng) => number;
  readonly mass: (rng: Rng) => number;
  readonly friction: (rng: Rng) => number;
  readonly tableColour: (rng: Rng) => Rgb;
  readonly pusherColour: (rng: Rng) => Rgb;
}

/** @throws UsageError for a factor out of its range. */
export function createVariationSampler(variation: Variation, objectsInScene: number): VariationSampler {
  const count = rangeOf('objectCount', variation.objectCount ?? objectsInScene, 0, objectsInScene);
  if (!Number.isInteger(count[0]) || !Number.isInteger(count[1])) {
    throw new UsageError(`objectCount must be whole numbers, got ${count.join(' to ')}`);
  }
  const between = (range: Range) => (rng: Rng) => (range[0] === range[1] ? range[0] : rng.between(...range));
  return {
    objectCount: (rng) => count[0] + rng.integer(count[1] - count[0] + 1),
    fewestObjects: count[0],
    size: between(rangeOf('size', variation.size ?? 1, 0.5, 1.5)),
    mass: between(rangeOf('mass', variation.mass ?? 1, 0.1, 4)),
    friction: between(rangeOf('friction', variation.friction ?? 1, 0.02, 10)),
    tableColour: colourFrom(variation.tableColour ?? tableColour),
    pusherColour: colourFrom(variation.pusherColour ?? pusherColour),
  };
}

function rangeOf(name: string, value: number | Range, least: number, most: number): Range {
  const [low, high] = typeof value === 'number' ? [value, value] : value;
  if (!(low >= least && low <= high && high <= most)) {
    throw new UsageError(`${name} must lie between ${least} and ${most}, low before high; got ${low} to ${high}`);
  }
  return [low, high];
}

function colourFrom(value: Rgb | readonly Rgb[]): (rng: Rng) => Rgb {
  const choices = typeof value[0] === 'number' ? [value as Rgb] : (value as readonly Rgb[]);
  return (rng) => (choices.length === 1 ? choices[0]! : rng.pick(choices));
}

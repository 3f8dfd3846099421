import type { ColourName } from '../../core/task.ts';
import type { Rgb } from '../rasteriser/rasteriser.ts';

/** Saturated, and far from each other, from the table and from the pusher, so that colour tells objects apart. */
export const palette: Readonly<Record<ColourName, Rgb>> = {
  red: [216, 40, 52],
  blue: [30, 98, 224],
  green: [22, 160, 82],
  yellow: [250, 212, 30],
  purple: [146, 62, 204],
  orange: [246, 128, 18],
};

export const tableColour: Rgb = [238, 235, 228];
export const pusherColour: Rgb = [48, 52, 62];
/** A hand in a light blue glove: far from all of the above, seen from the table. */
export const handColour: Rgb = [0, 200, 230];

/** `share` of the way from one colour to another. */
export function mixColours(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round(from[i]! + (to[i]! - from[i]!) * share)) as unknown as Rgb;
}

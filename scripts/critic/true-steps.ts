import type { Rng } from '../../src/core/rng.ts';
import {
  doorHalfHeight,
  fieldHigh,
  fieldLow,
  maxActionNorm,
  roomOf,
  type TwoRoomsLayout,
  wallHalfWidth,
} from '../../src/env/two-rooms/field.ts';
import { drawLayout } from '../../src/env/two-rooms/play.ts';

type Place = readonly [x: number, y: number];

/** Two places of one layout, pixels. */
export interface Pair {
  readonly layout: TwoRoomsLayout;
  readonly from: Place;
  readonly to: Place;
}

/** Layouts as episodes have them, and places anywhere clear of walls in them. */
export function drawPair(rng: Rng): Pair {
  const layout = drawLayout(rng);
  const place = (): Place => {
    const [x, y] = [rng.between(fieldLow + 0.5, fieldHigh - 0.5), rng.between(fieldLow + 0.5, fieldHigh - 0.5)];
    return Math.abs(x - layout.wallX) < wallHalfWidth + 0.3 ? place() : [x, y];
  };
  return { layout, from: place(), to: place() };
}

/**
 * Predictor steps that the shortest way takes at full speed: straight within a room, else through the door, where it is
 * bent as little as the door allows. The wall's thickness is left out.
 */
export function trueSteps({ layout, from, to }: Pair, actionRepeat: number): number {
  const length = ([x, y]: Place, [toX, toY]: Place): number => Math.hypot(toX - x, toY - y);
  const reach = maxActionNorm * actionRepeat;
  if (sameRoom({ layout, from, to })) return length(from, to) / reach;
  const { wallX, doorY } = layout;
  const crossing = from[1] + ((to[1] - from[1]) * (wallX - from[0])) / (to[0] - from[0]);
  const through: Place = [wallX, Math.min(doorY + doorHalfHeight, Math.max(doorY - doorHalfHeight, crossing))];
  return (length(from, through) + length(through, to)) / reach;
}

export function sameRoom({ layout, from, to }: Pair): boolean {
  return roomOf(from[0], layout) === roomOf(to[0], layout);
}

/** Pearson's. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  const variance = (values: readonly number[], centre: number): number =>
    mean(values.map((value) => (value - centre) ** 2));
  return covariance / Math.sqrt(variance(a, meanA) * variance(b, meanB));
}

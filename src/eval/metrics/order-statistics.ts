import { UsageError } from '../../core/errors.ts';

/** The `percent`-th percentile, linear between order statistics (Hyndman and Fan's type 7, NumPy's default). */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent >= 0 && percent <= 100)) throw new UsageError(`${percent} is not a percentage`);
  const sorted = ascending(values);
  const rank = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The mean of the middle half, with floor(n / 4) values dropped at each end (Agarwal et al., 2021, "Deep
 * reinforcement learning at the edge of the statistical precipice"): for pooling a few training seeds.
 */
export function interquartileMean(values: readonly number[]): number {
  const sorted = ascending(values);
  const dropped = Math.floor(sorted.length / 4);
  const middle = sorted.slice(dropped, sorted.length - dropped);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function ascending(values: readonly number[]): Float64Array {
  if (values.length === 0) throw new UsageError('an empty list has no order statistics');
  if (values.some((value) => Number.isNaN(value))) throw new UsageError('a list with NaN has no order statistics');
  return Float64Array.from(values).sort();
}

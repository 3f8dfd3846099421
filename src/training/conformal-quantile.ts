import { RunError } from '../core/errors.ts';

/**
 * The least of `errors` that is not below a new, exchangeable one with a probability of at least `quantile`: the one
 * of rank ceil((n + 1) quantile), which the n seen ones alone would understate (split conformal prediction).
 *
 * @throws RunError where n errors are too few for that quantile: it would have to be infinite
 */
export function conformalQuantile(errors: readonly number[], quantile: number): number {
  const count = errors.length;
  // The tiny term keeps 0.9 x 10 from being 10 by rounding.
  const rank = Math.max(1, Math.ceil((count + 1) * quantile - 1e-9));
  if (rank > count) {
    const needed = Math.ceil(quantile / (1 - quantile) - 1e-9);
    throw new RunError(`${count} errors are too few for their ${quantile} quantile: it takes at least ${needed}`);
  }
  return [...errors].sort((a, b) => a - b)[rank - 1]!;
}

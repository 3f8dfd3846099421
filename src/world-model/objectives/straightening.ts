import { UsageError } from '../../core/errors.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { mean, window } from '../losses/steps.ts';
import { meanOverFilled } from './presence.ts';

type Triple = readonly [number, number, number];

/**
 * Temporal straightening (Henaff, Goris and Simoncelli, 2019): mean of 1 - cos(z_j - z_i, z_k - z_j) over evenly
 * spaced frames i < j < k; 0 for latent paths that are straight, 1 for right angles, 2 for turning back. On straight
 * paths the latent distance to a goal falls as the goal is approached. Steps in which next to nothing changes count
 * as right angles, with next to no gradient.
 *
 * @param encoded [B, T, N, D]
 * @throws UsageError where no three frames are evenly spaced
 */
export function curvature(encoded: Tensor, offsets: readonly number[], presence: Tensor | null): Tensor {
  const triples = evenTriples(offsets);
  if (triples.length === 0)
    throw new UsageError(`straightening needs three evenly spaced frames, the offsets are ${offsets.join(', ')}`);
  const size = encoded.shape[3]!;
  const length = (x: Tensor): Tensor => tf.sqrt(tf.add(tf.mean(tf.square(x), 2), 1e-4));
  return mean(
    triples.map(([i, j, k]) => {
      const first = tf.sub(window(encoded, j), window(encoded, i));
      const second = tf.sub(window(encoded, k), window(encoded, j));
      const along = tf.div(tf.sum(tf.mul(first, second), 2), size);
      return meanOverFilled(tf.sub(1, tf.div(along, tf.mul(length(first), length(second)))), presence);
    }),
  );
}

/** Around each frame, the nearest two that are as far before it as after it; as indices. */
export function evenTriples(offsets: readonly number[]): Triple[] {
  return offsets.flatMap((middle, j) => {
    for (let i = j - 1; i >= 0; i--) {
      const k = offsets.indexOf(2 * middle - offsets[i]!);
      if (k >= 0) return [[i, j, k] as const];
    }
    return [];
  });
}

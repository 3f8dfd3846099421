import { type Tensor, tf } from '../../engine/tf.ts';
import { mean, window } from '../losses/steps.ts';
import { meanOverFilled } from './presence.ts';

/**
 * Temporal similarity (slow features: Wiskott and Sejnowski, 2002; in world models: PLDM, Sobal et al., 2025): mean of
 * |z_{t+1} - z_t|^2 / D over neighbouring frames. Smooths the latent space, so that distances in it tell of steps. Too
 * much of it drops what moves: it is least for latents that stand still.
 *
 * @param encoded [B, T, N, D]
 * @param neighbours indices of frames whose next frame is one step later
 */
export function temporalSimilarity(encoded: Tensor, neighbours: readonly number[], presence: Tensor | null): Tensor {
  return mean(
    neighbours.map((i) =>
      meanOverFilled(tf.mean(tf.squaredDifference(window(encoded, i + 1), window(encoded, i)), 2), presence),
    ),
  );
}

/** Indices i where the frame i + 1 is one predictor step after the frame i. */
export function neighboursAt(offsets: readonly number[]): number[] {
  return offsets.flatMap((offset, i) => (offsets[i + 1] === offset + 1 ? [i] : []));
}

import { type Tensor, tf } from '../../engine/tf.ts';
import { mean, window } from '../losses/steps.ts';
import { meanOverFilled } from './presence.ts';

/**
 * The k-step rollout loss: mean over later frames k, windows and filled slots of |imagined_k - target_k|^2 / D, the
 * rollout fed with its own predictions (as in PLDM, Sobal et al., 2025). Teaches the predictor what its own errors
 * grow into, which a one-step loss never shows it.
 *
 * @param imagined T - 1 times [B, N, D]
 * @param targets [B, T, N, D], of all frames; the first is not compared
 */
export function rolloutError(imagined: readonly Tensor[], targets: Tensor, presence: Tensor | null): Tensor {
  return mean(
    imagined.map((latent, i) =>
      meanOverFilled(tf.mean(tf.squaredDifference(latent, window(targets, i + 1)), 2), presence),
    ),
  );
}

import { normalise } from '../engine/nn/normalise.ts';
import { type Tensor, tf } from '../engine/tf.ts';

/**
 * Flat latents in two parts: first what moves, then `staticSize` numbers of what stays as it is while an episode lasts,
 * such as where the walls are. Predictors carry the second over unchanged, so the error of prediction makes it the same
 * in all frames of an episode, and an anti-collapse objective, which wants its numbers to vary and to differ, has only
 * the scene left to fill it with. What moves cannot crowd it out then, and imagining cannot wear it away.
 *
 * Content that is shared in time apart from what changes: as in the disentangled video representations of Denton and
 * Birodkar (2017), here without an adversary or pictures drawn.
 */

/** Mean 0 and variance 1 over the last axis, of each part by itself: [..., D] -> [..., D]. */
export function normaliseParts(latent: Tensor, staticSize: number): Tensor {
  if (staticSize === 0) return normalise(latent);
  const [moving, still] = tf.split(latent, [latent.shape.at(-1)! - staticSize, staticSize], -1) as [Tensor, Tensor];
  return tf.concat([normalise(moving), normalise(still)], -1);
}

/** What moves changed and normalised again, [..., D - staticSize], the rest of the latent [..., D] as it is. */
export function changed(latent: Tensor, change: Tensor): Tensor {
  const [size, moves] = [latent.shape.at(-1)!, change.shape.at(-1)!];
  if (moves === size) return normalise(tf.add(latent, change));
  const [moving, still] = tf.split(latent, [moves, size - moves], -1) as [Tensor, Tensor];
  return tf.concat([normalise(tf.add(moving, change)), still], -1);
}

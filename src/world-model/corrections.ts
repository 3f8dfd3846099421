import { type Tensor, tf } from '../engine/tf.ts';
import type { Corrections } from './planner-config.ts';

/** What a model foretold, beside what came: K predictions of one flat latent. */
export interface PastPredictions {
  /** [K, D] Where each began. */
  readonly latents: Tensor;
  /** [K, A] */
  readonly actions: Tensor;
  /** [K, D] What came, less what was foretold. */
  readonly residuals: Tensor;
  /** [K], 1 where there is one and 0 where there is none yet. */
  readonly known: Tensor;
}

/** Widths of Gaussian kernels: how near a latent, and an action, is to a past one that tells something about it. */
export type KernelWidths = Pick<Corrections, 'latent' | 'action'>;

/** [R, 1, D] before and [R, A] -> what is predicted, [R, 1, D], with what the past says of it. */
export type Correct = (before: Tensor, action: Tensor, predicted: Tensor) => Tensor;

/** Out of every kernel's reach. */
const nowhere = 1e9;

/**
 * Adds to a prediction the weighted mean of what was missing from past ones close by, in latents and in actions:
 *
 *     f(z, a) + sum_i k_i r_i / max(1, sum_i k_i),   k_i = exp(-|z - z_i|^2 / 2 h^2 - |a - a_i|^2 / 2 w^2).
 *
 * Far from all of them, sum_i k_i near 0, the model's word stands. Locally weighted regression of a model's residuals,
 * with no weights to train: Atkeson, Moore and Schaal, "Locally weighted learning for control" (1997).
 */
export function correctionBy(
  past: PastPredictions,
  { latent: latentWidth, action: actionWidth }: KernelWidths,
): Correct {
  const [count, size] = past.latents.shape as [number, number];
  const scaled = (latents: Tensor, actions: Tensor): Tensor =>
    tf.concat([tf.mul(latents, 1 / latentWidth), tf.mul(actions, 1 / actionWidth)], 1);
  const halfSquares = (rows: Tensor): Tensor => tf.mul(tf.sum(tf.square(rows), 1, true), 0.5);
  const keys = scaled(past.latents, past.actions);
  const offsets = tf.add(
    tf.reshape(halfSquares(keys), [1, count]),
    tf.mul(tf.reshape(tf.sub(1, past.known), [1, count]), nowhere),
  );
  return (before, action, predicted) => {
    const [rows] = before.shape;
    const query = scaled(tf.reshape(before, [rows!, size]), action);
    // -|q - key|^2 / 2, multiplied out.
    const nearness = tf.sub(tf.sub(tf.matMul(query, keys, false, true), offsets), halfSquares(query));
    const kernels = tf.exp(nearness);
    const weights = tf.div(kernels, tf.maximum(tf.sum(kernels, 1, true), 1));
    return tf.add(predicted, tf.reshape(tf.matMul(weights, past.residuals), [rows!, 1, size]));
  };
}

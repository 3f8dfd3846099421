import { type Tensor, tf } from '../../engine/tf.ts';

/** Mean over filled slots: values [B, N], presence [B, N] or null for all -> scalar, 0 where nothing is filled. */
export function meanOverFilled(values: Tensor, presence: Tensor | null): Tensor {
  if (presence === null) return tf.mean(values);
  return tf.div(tf.sum(tf.mul(values, presence)), tf.maximum(tf.sum(presence), 1));
}

export interface WeightedRows {
  /** [M, D] */
  readonly rows: Tensor;
  /** [M, 1], 0 for rows that don't count; undefined where all do. */
  readonly weights: Tensor | undefined;
}

/** Latents [B, T, N, D] of all windows, frames and slots as rows, M = B T N. */
export function toRows(latents: Tensor, presence: Tensor | null): WeightedRows {
  const [, frames, , size] = latents.shape as [number, number, number, number];
  return {
    rows: tf.reshape(latents, [-1, size]),
    weights: presence === null ? undefined : tf.reshape(tf.tile(tf.expandDims(presence, 1), [1, frames, 1]), [-1, 1]),
  };
}

/** All frames but the first: [B, T, N, D] -> [B, T - 1, N, D]. */
export function laterFrames(latents: Tensor): Tensor {
  const [batch, frames, slots, size] = latents.shape as [number, number, number, number];
  return tf.slice(latents, [0, 1, 0, 0], [batch, frames - 1, slots, size]);
}

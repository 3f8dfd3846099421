import { type Tensor, tf } from '../../engine/tf.ts';
import type { ObjectiveConfig } from './config.ts';
import { noNoise, type Objective } from './objective.ts';
import { laterFrames, toRows } from './presence.ts';
import { rolloutError } from './rollout.ts';

/**
 * InfoNCE (Contrastive Predictive Coding: van den Oord, Li and Vinyals, 2018; cosine and temperature as in SimCLR):
 *
 *     rollout + w mean_q ( log sum_k exp(cos(q, k) / temperature) - cos(q, k_q) / temperature )
 *
 * Each imagined latent q must be nearer to the frame k_q that it foretells than to any other encoded frame of the
 * batch. Among those are, unless `sameWindow` is false, the other frames of its own window: they share the scene, so
 * only what moves tells them apart. That makes it the one objective whose loss itself forbids static collapse.
 * Cosines have no scale, hence the rollout's error beside them, gradient through its targets too.
 */
export function createInfoNce({
  weight,
  temperature,
  sameWindow,
}: Extract<ObjectiveConfig, { name: 'info-nce' }>): Objective {
  return {
    teacherDecay: null,
    noise: noNoise,
    loss({ encoded, imagined, presence }) {
      const contrast = infoNce(tf.stack([...imagined], 1), encoded, presence, { temperature, sameWindow });
      const rollout = rolloutError(imagined, encoded, presence);
      return { loss: tf.add(rollout, tf.mul(contrast, weight)), metrics: { contrast } };
    },
  };
}

/**
 * @param queries [B, T - 1, N, D], of frames 1 to T - 1
 * @param keys [B, T, N, D], of all frames
 * @param presence [B, N]; empty slots neither ask nor answer
 * @returns scalar, the mean over queries; log of the number of keys where nothing can be told apart
 */
export function infoNce(
  queries: Tensor,
  keys: Tensor,
  presence: Tensor | null,
  { temperature, sameWindow }: { readonly temperature: number; readonly sameWindow: boolean },
): Tensor {
  const asked = toRows(unitVectors(queries), presence);
  const offered = toRows(unitVectors(keys), presence);
  const answers = toRows(laterFrames(unitVectors(keys)), presence);
  // Cosines are at most one: that much taken off, exponentials can't overflow.
  const scaled = (cosines: Tensor): Tensor => tf.div(tf.sub(cosines, 1), temperature);
  const positive = scaled(tf.sum(tf.mul(asked.rows, answers.rows), 1));
  let likeness = tf.exp(scaled(tf.matMul(asked.rows, offered.rows, false, true)));
  if (offered.weights !== undefined) likeness = tf.mul(likeness, tf.reshape(offered.weights, [1, -1]));
  if (!sameWindow) likeness = tf.mul(likeness, otherWindows(queries, keys));
  // Far below the least likeness there is; a batch without any filled slot has no key at all.
  const surprise = tf.sub(tf.log(tf.add(tf.sum(likeness, 1), 1e-30)), positive);
  if (asked.weights === undefined) return tf.mean(surprise);
  const counted = tf.reshape(asked.weights, [-1]);
  return tf.div(tf.sum(tf.mul(surprise, counted)), tf.maximum(tf.sum(counted), 1));
}

function unitVectors(x: Tensor): Tensor {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-6)));
}

/** [queries, keys], 0 for the other frames of the query's own slot in its own window, 1 elsewhere. */
function otherWindows(queries: Tensor, keys: Tensor): Tensor {
  const [batch, frames, slots] = keys.shape as [number, number, number, number];
  const later = queries.shape[1]!;
  const mask = new Float32Array(batch * later * slots * batch * frames * slots).fill(1);
  const columns = batch * frames * slots;
  for (let b = 0; b < batch; b++) {
    for (let q = 0; q < later; q++) {
      for (let n = 0; n < slots; n++) {
        const row = (b * later + q) * slots + n;
        for (let t = 0; t < frames; t++) {
          if (t !== q + 1) mask[row * columns + (b * frames + t) * slots + n] = 0;
        }
      }
    }
  }
  return tf.tensor2d(mask, [batch * later * slots, columns]);
}

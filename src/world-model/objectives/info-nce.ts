import { type Tensor, tf } from '../../engine/tf.ts';
import type { ObjectiveConfig } from './config.ts';
import { noNoise, type Objective } from './objective.ts';
import { laterFrames, toRows } from './presence.ts';
import { rolloutError } from './rollout.ts';

/**
 * InfoNCE (Contrastive Predictive Coding: van den Oord, Li and Vinyals, 2018; two views, cosine and temperature as
 * SimCLR's NT-Xent: Chen et al., 2020). The two views of a later frame are the latent q imagined for it and the
 * encoded one k; each must be nearer to the other than to any other encoded frame of the batch:
 *
 *     rollout + w/2 mean_(q,k) ( surprise(q) + surprise(k) )
 *     surprise(a) = -log( e(q, k) / ( e(q, k) + sum_{k' != k} e(a, k') ) ),   e(x, y) = exp(cos(x, y) / temperature)
 *
 * Cosines have no scale, hence the rollout's error beside them, gradient through its targets too.
 *
 * Among the other frames are, unless `sameWindow` is false, those of the same window: they share the scene, so only
 * what moves tells them apart, and static collapse costs the logarithm of their number. In Two-Rooms training settles
 * there all the same, whatever weight and temperature: frames that start out alike attract each other's predictions
 * before anything tells them apart. Joined by temporal variance it does not, which is why that is on by default.
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
 * @returns scalar, the mean over pairs; log of the number of keys where nothing can be told apart
 */
export function infoNce(
  queries: Tensor,
  keys: Tensor,
  presence: Tensor | null,
  { temperature, sameWindow }: { readonly temperature: number; readonly sameWindow: boolean },
): Tensor {
  const offered = toRows(unitVectors(keys), presence);
  const imagined = toRows(unitVectors(queries), presence).rows;
  const encoded = toRows(laterFrames(unitVectors(keys)), presence);
  // Cosines are at most one: that much taken off, exponentials can't overflow.
  const scaled = (cosines: Tensor): Tensor => tf.div(tf.sub(cosines, 1), temperature);
  const positive = scaled(tf.sum(tf.mul(imagined, encoded.rows), 1));
  const others = otherKeys(queries.shape, keys.shape, sameWindow);
  const counted = offered.weights === undefined ? others : tf.mul(others, tf.reshape(offered.weights, [1, -1]));
  const surprise = (asked: Tensor): Tensor => {
    const likeness = tf.exp(scaled(tf.matMul(asked, offered.rows, false, true)));
    return tf.sub(tf.log(tf.add(tf.exp(positive), tf.sum(tf.mul(likeness, counted), 1))), positive);
  };
  const both = tf.div(tf.add(surprise(imagined), surprise(encoded.rows)), 2);
  if (encoded.weights === undefined) return tf.mean(both);
  const asking = tf.reshape(encoded.weights, [-1]);
  return tf.div(tf.sum(tf.mul(both, asking)), tf.maximum(tf.sum(asking), 1));
}

function unitVectors(x: Tensor): Tensor {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-6)));
}

/**
 * [queries, keys], 0 for the frame that a query foretells, and, unless `sameWindow`, for the other frames of its own
 * slot in its own window; 1 elsewhere.
 */
function otherKeys(queries: readonly number[], keys: readonly number[], sameWindow: boolean): Tensor {
  const [batch, frames, slots] = keys as [number, number, number];
  const later = queries[1]!;
  const columns = batch * frames * slots;
  const mask = new Float32Array(batch * later * slots * columns).fill(1);
  for (let b = 0; b < batch; b++) {
    for (let q = 0; q < later; q++) {
      for (let n = 0; n < slots; n++) {
        const row = (b * later + q) * slots + n;
        for (let t = 0; t < frames; t++) {
          if (t === q + 1 || !sameWindow) mask[row * columns + (b * frames + t) * slots + n] = 0;
        }
      }
    }
  }
  return tf.tensor2d(mask, [batch * later * slots, columns]);
}

import { detach } from '../../engine/detach.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { WorldModel } from '../world-model.ts';
import { varianceCovariance } from './variance-covariance.ts';

export interface WindowLossWeights {
  readonly variance: number;
  readonly covariance: number;
  /** Mean squared change of a latent from one step to the next. */
  readonly similarity: number;
  /** Mean squared error of the action read from two successive latents of slot 0. */
  readonly inverse: number;
}

/** A batch of windows. Offsets are predictor steps since the window's start; the first is 0. */
export interface Windows {
  /** [B, T, N, D], latents of the frames at `offsets`. */
  readonly encoded: Tensor;
  /** [B, K, A], K the last offset. */
  readonly actions: Tensor;
  /** [B, T, N, 2] true positions: labels of the probe alone. */
  readonly labels: Tensor;
  /** [B, N - 1], 1 where an object slot is filled. */
  readonly presence?: Tensor;
}

/**
 * The training loss: latents rolled forward from the first frame by the actions alone must meet the encoded
 * frames (mean squared error, gradient through the targets too); variance and covariance keep the encoder from
 * collapsing; inverse dynamics keeps in it what the actions move. The probe learns on detached latents, encoded
 * and imagined, so labels shape nothing but the probe. Slot 0 (the effector) and the pooled other slots are
 * regularised apart.
 */
export function windowLoss(
  model: WorldModel,
  { encoded, actions, labels, presence }: Windows,
  offsets: readonly number[],
  weights: WindowLossWeights,
): { readonly loss: Tensor; readonly metrics: Tensors } {
  const [batch, , slots, size] = encoded.shape as [number, number, number, number];
  const filled = slotWeights(batch, slots, presence);
  const frame = (index: number): Tensor =>
    tf.reshape(tf.slice(encoded, [0, index, 0, 0], [batch, 1, slots, size]), [batch, slots, size]);
  const action = (step: number): Tensor =>
    tf.reshape(tf.slice(actions, [0, step, 0], [batch, 1, actions.shape[2]!]), [batch, -1]);

  const imagined: Tensor[] = [];
  let latent = frame(0);
  let next = 1;
  let rollout: Tensor = tf.scalar(0);
  for (let step = 1; step <= offsets.at(-1)!; step++) {
    latent = model.predict(latent, action(step - 1), presence);
    if (offsets[next] !== step) continue;
    rollout = tf.add(rollout, slotMean(tf.mean(tf.squaredDifference(latent, frame(next)), 2), filled));
    imagined.push(latent);
    next++;
  }
  rollout = tf.div(rollout, imagined.length);

  const adjacent = offsets.flatMap((offset, i) => (offsets[i + 1] === offset + 1 ? [i] : []));
  let similarity: Tensor = tf.scalar(0);
  let inverse: Tensor = tf.scalar(0);
  for (const i of adjacent) {
    const [before, after] = [frame(i), frame(i + 1)];
    similarity = tf.add(similarity, slotMean(tf.mean(tf.squaredDifference(after, before), 2), filled));
    const guess = model.inverse(effector(before), effector(after));
    inverse = tf.add(inverse, tf.mean(tf.squaredDifference(guess, action(offsets[i]!))));
  }
  similarity = tf.div(similarity, adjacent.length);
  inverse = tf.div(inverse, adjacent.length);

  const groups = regularisedGroups(encoded, presence);
  const spread = groups.map(({ rows, mask }) => varianceCovariance(rows, mask));
  const variance = sumOf(spread.map((s) => s.variance));
  const covariance = sumOf(spread.map((s) => s.covariance));

  const seen = probeDistance(model, tf.reshape(encoded, [-1, slots, size]), tf.reshape(labels, [-1, slots, 2]));
  const dreamt = imagined.map((z, i) =>
    probeDistance(model, z, tf.reshape(tf.slice(labels, [0, i + 1, 0, 0], [batch, 1, slots, 2]), [batch, slots, 2])),
  );
  const frames = tf.reshape(tf.tile(tf.expandDims(filled, 1), [1, offsets.length, 1]), [-1, slots]);
  const probe = tf.add(slotMean(seen, frames), meanOf(dreamt.map((d) => slotMean(d, filled))));

  const loss = sumOf([
    rollout,
    tf.mul(variance, weights.variance),
    tf.mul(covariance, weights.covariance),
    tf.mul(similarity, weights.similarity),
    tf.mul(inverse, weights.inverse),
    probe,
  ]);
  const metrics = {
    rollout,
    variance,
    covariance,
    similarity,
    inverse,
    std: meanOf(spread.map((s) => s.std)),
    probe: tf.sqrt(slotMean(seen, frames)),
    probeAhead: tf.sqrt(slotMean(dreamt.at(-1)!, filled)),
  };
  return { loss, metrics };
}

/** [B, N]: 1 for the effector and for filled object slots. */
function slotWeights(batch: number, slots: number, presence: Tensor | undefined): Tensor {
  return presence === undefined ? tf.ones([batch, slots]) : tf.concat([tf.ones([batch, 1]), presence], 1);
}

/** Mean of [B, N] over the filled slots of the effector and of the objects, each kind counting once. */
function slotMean(values: Tensor, filled: Tensor): Tensor {
  const [rows, slots] = values.shape as [number, number];
  const effectorMean = tf.mean(tf.slice(values, [0, 0], [rows, 1]));
  if (slots === 1) return effectorMean;
  const mask = tf.slice(filled, [0, 1], [rows, slots - 1]);
  const objects = tf.sum(tf.mul(tf.slice(values, [0, 1], [rows, slots - 1]), mask));
  return tf.add(effectorMean, tf.div(objects, tf.maximum(tf.sum(mask), 1)));
}

function effector(latent: Tensor): Tensor {
  const [rows, , size] = latent.shape as [number, number, number];
  return tf.reshape(tf.slice(latent, [0, 0, 0], [rows, 1, size]), [rows, size]);
}

/** The rows that are regularised together: the effector's, and all objects'. */
function regularisedGroups(encoded: Tensor, presence: Tensor | undefined): { rows: Tensor; mask?: Tensor }[] {
  const [batch, frames, slots, size] = encoded.shape as [number, number, number, number];
  const first = { rows: tf.reshape(tf.slice(encoded, [0, 0, 0, 0], [batch, frames, 1, size]), [-1, size]) };
  if (slots === 1) return [first];
  const rows = tf.reshape(tf.slice(encoded, [0, 0, 1, 0], [batch, frames, slots - 1, size]), [-1, size]);
  if (presence === undefined) return [first, { rows }];
  const mask = tf.reshape(tf.tile(tf.expandDims(presence, 1), [1, frames, 1]), [-1, 1]);
  return [first, { rows, mask }];
}

/** Squared distance between probed and true position, [R, N]. */
function probeDistance(model: WorldModel, latents: Tensor, labels: Tensor): Tensor {
  return tf.sum(tf.squaredDifference(model.probe(detach(latents)).position, labels), 2);
}

function sumOf(terms: readonly Tensor[]): Tensor {
  return terms.reduce((sum, term) => tf.add(sum, term));
}

function meanOf(terms: readonly Tensor[]): Tensor {
  return tf.div(sumOf(terms), terms.length);
}

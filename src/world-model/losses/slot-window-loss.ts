import { detach } from '../../engine/detach.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { placeSize } from '../config.ts';
import { placeScale } from '../encoders/colour-slots.ts';
import type { WorldModel } from '../world-model.ts';
import { mean, step, sum, window } from './steps.ts';
import { varianceCovariance } from './variance-covariance.ts';
import { imagine, type WindowLossWeights } from './window-loss.ts';

export interface SlotLossWeights extends WindowLossWeights {
  /** Of the places' squared error against that of what is learned. */
  readonly place: number;
}

/** A batch of windows over slots, the pusher's first. */
export interface SlotWindows {
  /** [B, T, N, 2 + what], latents of the frames at `offsets`. */
  readonly encoded: Tensor;
  /** [B, K, A], K the last offset. */
  readonly actions: Tensor;
  /** [B, T, N, 2] true positions: shown as metrics alone. */
  readonly labels: Tensor;
  /** [B, T, N, 4] true headings as the probe tells them, and where each number is defined: labels of the probe alone. */
  readonly headings: Tensor;
  readonly headingMask: Tensor;
  /** [B, N - 1], 1 where an object slot is filled. */
  readonly presence: Tensor;
}

/**
 * The training loss of slots: places and whats, rolled forward from the first frame by the actions alone, must meet
 * the encoded frames. Places are measured and can't collapse; variance and covariance keep the whats of all objects,
 * pooled, from collapsing. The heading probe learns on detached latents, encoded and imagined.
 */
export function slotWindowLoss(
  model: WorldModel,
  { encoded, actions, labels, headings, headingMask, presence }: SlotWindows,
  offsets: readonly number[],
  weights: SlotLossWeights,
): { readonly loss: Tensor; readonly metrics: Tensors } {
  const [batch, frames, slots, size] = encoded.shape as [number, number, number, number];
  const whatSize = size - placeSize;
  const filled = tf.concat([tf.ones([batch, 1]), presence], 1);
  const split = (z: Tensor): [Tensor, Tensor] => tf.split(z, [placeSize, whatSize], -1) as [Tensor, Tensor];
  /** Mean of [B, N] over filled slots. */
  const overFilled = (values: Tensor): Tensor => tf.div(tf.sum(tf.mul(values, filled)), tf.sum(filled));
  const overObjects = (values: Tensor): Tensor =>
    tf.div(tf.sum(tf.mul(tf.slice(values, [0, 1], [batch, slots - 1]), presence)), tf.maximum(tf.sum(presence), 1));

  const imagined = imagine(model, encoded, actions, offsets, presence);
  const errors = imagined.map((z, i) => {
    const [place, what] = split(z);
    const [targetPlace, targetWhat] = split(window(encoded, i + 1));
    return {
      place: overFilled(tf.sum(tf.squaredDifference(place, targetPlace), 2)),
      what: overObjects(tf.mean(tf.squaredDifference(what, targetWhat), 2)),
    };
  });
  const place = mean(errors.map((error) => error.place));
  const rollout = mean(errors.map((error) => error.what));

  const [, before] = split(window(encoded, 0));
  const [, after] = split(window(encoded, 1));
  const similarity = overObjects(tf.mean(tf.squaredDifference(after, before), 2));
  const pusher = (z: Tensor): Tensor => tf.reshape(tf.slice(z, [0, 0, 0], [batch, 1, size]), [batch, size]);
  const guess = model.inverse(detach(pusher(window(encoded, 0))), detach(pusher(window(encoded, 1))));
  const inverse = tf.mean(tf.squaredDifference(guess, step(actions, 0)));

  const [, whats] = split(encoded);
  const pooled = tf.reshape(tf.slice(whats, [0, 0, 1, 0], [batch, frames, slots - 1, whatSize]), [-1, whatSize]);
  const everyFrame = tf.reshape(tf.tile(tf.expandDims(presence, 1), [1, frames, 1]), [-1, 1]);
  const { variance, covariance, std } = varianceCovariance(pooled, everyFrame);

  const headingError = (z: Tensor, index: number): Tensor => {
    const mask = tf.mul(window(headingMask, index), tf.expandDims(filled, 2));
    const squared = tf.squaredDifference(model.probe(detach(z)).heading!, window(headings, index));
    return tf.div(tf.sum(tf.mul(squared, mask)), tf.maximum(tf.sum(mask), 1));
  };
  const seen = mean(offsets.map((_, i) => headingError(window(encoded, i), i)));
  const dreamt = imagined.map((z, i) => headingError(z, i + 1));

  const positionError = (z: Tensor, index: number): Tensor =>
    overObjects(tf.sqrt(tf.sum(tf.squaredDifference(model.probe(z).position, window(labels, index)), 2)));
  const loss = sum([
    rollout,
    tf.mul(place, weights.place),
    tf.mul(variance, weights.variance),
    tf.mul(covariance, weights.covariance),
    tf.mul(similarity, weights.similarity),
    tf.mul(inverse, weights.inverse),
    seen,
    mean(dreamt),
  ]);
  const metrics = {
    place: tf.div(tf.sqrt(place), placeScale),
    rollout,
    variance,
    covariance,
    similarity,
    inverse,
    std,
    position: positionError(window(encoded, 0), 0),
    positionAhead: positionError(imagined.at(-1)!, offsets.length - 1),
    heading: tf.sqrt(seen),
    headingAhead: tf.sqrt(dreamt.at(-1)!),
  };
  return { loss, metrics };
}

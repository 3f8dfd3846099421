import { detach } from '../../engine/detach.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { placeSize } from '../config.ts';
import { placeScale } from '../encoders/colour-slots.ts';
import { auxiliaryLoss } from '../objectives/auxiliary-loss.ts';
import type { ObjectiveConfig } from '../objectives/config.ts';
import { createObjective } from '../objectives/create-objective.ts';
import { inverseDynamics } from '../objectives/inverse-dynamics.ts';
import { meanOverFilled, toRows } from '../objectives/presence.ts';
import { rolloutError } from '../objectives/rollout.ts';
import type { WorldModel } from '../world-model.ts';
import { bestGuessError } from './best-guess.ts';
import { meanOverHeads } from './mean-over-heads.ts';
import { mean, step, sum, window } from './steps.ts';
import type { TrainingLoss } from './training-loss.ts';
import { varianceCovariance } from './variance-covariance.ts';
import { imagineWindows } from './window-loss.ts';

/** A batch of windows over slots, the pusher's first. */
export interface SlotWindows {
  /** [B, T, N, D], latents of the frames at `offsets`. */
  readonly encoded: Tensor;
  /** The same frames by the objective's teacher; null where it has none. */
  readonly teacher: Tensor | null;
  /** What the objective draws. */
  readonly noise: Tensors;
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

export interface SlotLossOptions {
  readonly objective: ObjectiveConfig;
  /** Weight of the places' squared error against that of what is learned. */
  readonly place: number;
  /** The same of the moments', where latents have them. @defaultValue 1 */
  readonly moments?: number;
}

/**
 * The training loss of slots: places, moments and whats, rolled forward from the first frame by the actions alone, must meet
 * the encoded frames. Places and moments are measured and can't collapse; the objective, given the whats of all objects, keeps
 * those from collapsing. The pusher's velocity, where it is told, counts as its place does. The heading probe learns on detached latents, encoded and imagined; so does the inverse
 * head, on the pusher.
 */
export function slotWindowLoss(
  model: WorldModel,
  { encoded, teacher, noise, actions, labels, headings, headingMask, presence }: SlotWindows,
  offsets: readonly number[],
  { objective: config, place: placeWeight, moments: momentWeight = 1 }: SlotLossOptions,
): TrainingLoss {
  const [batch, , slots, size] = encoded.shape as [number, number, number, number];
  const filled = tf.concat([tf.ones([batch, 1]), presence], 1);
  const { imagined, heads } = imagineWindows(model, encoded, actions, offsets, presence);
  const errorOf = (part: (latents: Tensor) => Tensor): Tensor =>
    mean(
      heads.flatMap((own) =>
        own.map((z, i) =>
          meanOverFilled(tf.sum(tf.squaredDifference(part(z), part(window(encoded, i + 1))), 2), filled),
        ),
      ),
    );
  const place = errorOf(placesOf);
  const { parts } = model;
  const beforeVelocity = parts.place + parts.moments;
  const moments = parts.moments > 0 ? errorOf((z) => numbersOf(z, placeSize, beforeVelocity)) : null;
  const velocity =
    parts.velocity > 0
      ? pusherError(heads, encoded, (z) => numbersOf(z, beforeVelocity, beforeVelocity + parts.velocity))
      : null;

  const whatsOf = (z: Tensor): Tensor => learnedOf(z, model.measuredSize);
  const seenWhats = whatsOf(encoded);
  const seenByTeacher = teacher === null ? null : whatsOf(teacher);
  const objective = meanOverHeads(
    heads.map((own) =>
      createObjective(config).loss({
        encoded: seenWhats,
        imagined: own.map(whatsOf),
        teacher: seenByTeacher,
        presence,
        noise,
      }),
    ),
  );
  const auxiliary = auxiliaryLoss(seenWhats, presence, offsets, [0], config);
  const pusher = (z: Tensor): Tensor => tf.reshape(tf.slice(z, [0, 0, 0], [batch, 1, size]), [batch, size]);
  const inverse = inverseDynamics(
    model.inverse,
    [{ before: pusher(window(encoded, 0)), after: pusher(window(encoded, 1)), action: step(actions, 0) }],
    { frozen: true },
  );

  const headingError = (z: Tensor, index: number): Tensor => {
    const mask = tf.mul(window(headingMask, index), tf.expandDims(filled, 2));
    const squared = tf.squaredDifference(model.probe(detach(z)).heading!, window(headings, index));
    return tf.div(tf.sum(tf.mul(squared, mask)), tf.maximum(tf.sum(mask), 1));
  };
  const seen = mean(offsets.map((_, i) => headingError(window(encoded, i), i)));
  const dreamt = imagined.map((z, i) => headingError(z, i + 1));

  const positionError = (z: Tensor, index: number): Tensor => {
    const distance = tf.sqrt(tf.sum(tf.squaredDifference(model.probe(z).position, window(labels, index)), 2));
    return meanOverFilled(tf.slice(distance, [0, 1], [batch, slots - 1]), presence);
  };
  const rows = toRows(seenWhats, presence);
  return {
    loss: sum([
      objective.loss,
      tf.mul(place, placeWeight),
      ...(moments === null ? [] : [tf.mul(moments, momentWeight)]),
      ...(velocity === null ? [] : [tf.mul(velocity, placeWeight)]),
      auxiliary.loss,
      tf.mul(inverse, config.inverse || 1),
      seen,
      mean(dreamt),
    ]),
    metrics: {
      place: tf.div(tf.sqrt(place), placeScale),
      ...(moments === null ? {} : { moments: tf.sqrt(moments) }),
      ...(velocity === null ? {} : { velocity: tf.sqrt(velocity) }),
      rollout: rolloutError(imagined.map(whatsOf), seenWhats, presence),
      ...objective.metrics,
      ...auxiliary.metrics,
      inverse,
      std: varianceCovariance(rows.rows, rows.weights).std,
      position: positionError(window(encoded, 0), 0),
      positionAhead: positionError(imagined.at(-1)!, offsets.length - 1),
      heading: tf.sqrt(seen),
      headingAhead: tf.sqrt(dreamt.at(-1)!),
    },
    latents: { encoded: seenWhats, presence },
    chance: () => ({
      inverse: bestGuessError(actions),
      heading: tf.sqrt(bestGuessError(headings, tf.mul(headingMask, tf.reshape(filled, [batch, 1, slots, 1])))),
    }),
  };
}

/** Mean squared error of a part of the pusher's latent, summed over the part's numbers. */
function pusherError(
  heads: readonly (readonly Tensor[])[],
  encoded: Tensor,
  part: (latents: Tensor) => Tensor,
): Tensor {
  const pusher = (z: Tensor): Tensor => tf.slice(part(z), [0, 0, 0], [z.shape[0]!, 1, -1]);
  const errors = heads.flatMap((own) =>
    own.map((z, i) => tf.mean(tf.sum(tf.squaredDifference(pusher(z), pusher(window(encoded, i + 1))), 2))),
  );
  return mean(errors);
}

/** Where all slots are: [..., N, D] -> [..., N, 2]. */
function placesOf(latents: Tensor): Tensor {
  return numbersOf(latents, 0, placeSize);
}

/** What is learned of the objects: [..., N, D] -> [..., N - 1, what]. */
function learnedOf(latents: Tensor, measured: number): Tensor {
  const [slots, size] = latents.shape.slice(-2) as [number, number];
  const outer = latents.shape.slice(0, -2);
  return tf.slice(latents, [...outer.map(() => 0), 1, measured], [...outer, slots - 1, size - measured]);
}

/** Numbers `from` up to `to` of every latent. */
function numbersOf(latents: Tensor, from: number, to: number): Tensor {
  const outer = latents.shape.slice(0, -1);
  return tf.slice(latents, [...outer.map(() => 0), from], [...outer, to - from]);
}

import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type ModelConfig, measuredSize } from '../config.ts';
import { auxiliaryLoss } from '../objectives/auxiliary-loss.ts';
import type { ObjectiveConfig } from '../objectives/config.ts';
import { createObjective } from '../objectives/create-objective.ts';
import { meanOverFilled, toRows } from '../objectives/presence.ts';
import { rolloutError } from '../objectives/rollout.ts';
import { neighboursAt } from '../objectives/temporal-similarity.ts';
import { contextFrames, foretell } from '../onlooker.ts';
import { mean, sum, window } from './steps.ts';
import type { TrainingLoss } from './training-loss.ts';
import { varianceCovariance } from './variance-covariance.ts';

/** A batch of windows of frames alone: no actions, and nothing that anyone but the simulator knows. */
export interface WatchedWindows {
  /** [B, T, N, D], latents of the frames at `offsets`. */
  readonly encoded: Tensor;
  /** The same frames by the objective's teacher; null where it has none. */
  readonly teacher: Tensor | null;
  /** What the objective draws. */
  readonly noise: Tensors;
  /** [B, N - 1], 1 where an object slot is filled; null for flat latents. */
  readonly presence: Tensor | null;
}

/**
 * The loss of watching: what the first two frames of a window foretell of its later ones must meet them in latent
 * space, in the way that the objective has it, with the terms on latents that it is joined by. Of slots the objective
 * has what is learned of the objects; where things are and how they lie is measured, and foretold by squared error.
 * The objective's weight of inverse dynamics says nothing here.
 */
export function watchLoss(
  model: ModelConfig,
  parameters: Tensors,
  { encoded, teacher, noise, presence }: WatchedWindows,
  offsets: readonly number[],
  config: ObjectiveConfig,
): TrainingLoss {
  const measured = measuredSize(model);
  const learned = (z: Tensor): Tensor => (measured === 0 ? z : learnedOfObjects(z, measured));
  const foretold = foretell(model, parameters, encoded);
  const imagined = foretold.map(learned);
  const all = learned(encoded);
  // The objective compares what was imagined with what follows its first frame, which is the last one seen.
  const compared = fromFrame(all, contextFrames - 1);
  const objective = createObjective(config).loss({
    encoded: compared,
    imagined,
    teacher: teacher === null ? null : fromFrame(learned(teacher), contextFrames - 1),
    presence,
    noise,
  });
  const auxiliary = auxiliaryLoss(all, presence, offsets, neighboursAt(offsets), config);
  const { rows, weights } = toRows(all, presence);
  const unmoved = imagined.map(() => window(compared, 0));
  const places = presence === null ? null : placesError(encoded, foretold, measured, presence);
  return {
    loss: sum([objective.loss, auxiliary.loss, ...(places === null ? [] : [places])]),
    metrics: {
      rollout: rolloutError(imagined, compared, presence),
      /** The same error of who says that nothing moves. */
      unmoved: rolloutError(unmoved, compared, presence),
      ...(places === null ? {} : { place: tf.sqrt(places) }),
      ...objective.metrics,
      ...auxiliary.metrics,
      std: varianceCovariance(rows, weights).std,
    },
    latents: { encoded: all, presence },
    chance: () => ({}),
  };
}

/** Mean squared error of what is measured of every thing. */
function placesError(encoded: Tensor, foretold: readonly Tensor[], measured: number, presence: Tensor): Tensor {
  const filled = tf.concat([tf.ones([presence.shape[0]!, 1]), presence], 1);
  const places = (z: Tensor): Tensor => tf.slice(z, [0, 0, 0], [z.shape[0]!, z.shape[1]!, measured]);
  return mean(
    foretold.map((z, i) => {
      const there = places(window(encoded, contextFrames + i));
      return meanOverFilled(tf.mean(tf.squaredDifference(places(z), there), 2), filled);
    }),
  );
}

/** What is learned of the objects: [..., N, D] -> [..., N - 1, what]. */
function learnedOfObjects(latents: Tensor, measured: number): Tensor {
  const [slots, size] = latents.shape.slice(-2) as [number, number];
  const outer = latents.shape.slice(0, -2);
  return tf.slice(latents, [...outer.map(() => 0), 1, measured], [...outer, slots - 1, size - measured]);
}

/** [B, T, ...] from that frame on. */
function fromFrame(latents: Tensor, frame: number): Tensor {
  const [batch, frames, ...rest] = latents.shape as [number, number, ...number[]];
  return tf.slice(latents, [0, frame, ...rest.map(() => 0)], [batch, frames - frame, ...rest]);
}

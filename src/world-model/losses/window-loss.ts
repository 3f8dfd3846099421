import { detach } from '../../engine/detach.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { WorldModel } from '../world-model.ts';
import { mean, step, sum, window } from './steps.ts';
import { varianceCovariance } from './variance-covariance.ts';

export interface WindowLossWeights {
  readonly variance: number;
  readonly covariance: number;
  /** Mean squared change of a latent from one step to the next. */
  readonly similarity: number;
  /** Mean squared error of the action read from two successive latents. */
  readonly inverse: number;
}

/** A batch of windows. Offsets are predictor steps since the window's start; the first is 0. */
export interface Windows {
  /** [B, T, 1, D], latents of the frames at `offsets`. */
  readonly encoded: Tensor;
  /** [B, K, A], K the last offset. */
  readonly actions: Tensor;
  /** [B, T, 1, 2] true positions: labels of the probe alone. */
  readonly labels: Tensor;
}

/**
 * The training loss of flat latents: latents rolled forward from the first frame by the actions alone must meet the
 * encoded frames (mean squared error, gradient through the targets too); variance and covariance keep the encoder
 * from collapsing; inverse dynamics keeps in it what the actions move. The probe learns on detached latents, encoded
 * and imagined, so labels shape nothing but the probe.
 */
export function windowLoss(
  model: WorldModel,
  { encoded, actions, labels }: Windows,
  offsets: readonly number[],
  weights: WindowLossWeights,
): { readonly loss: Tensor; readonly metrics: Tensors } {
  const imagined = imagine(model, encoded, actions, offsets);
  const rollout = mean(imagined.map((z, i) => tf.mean(tf.squaredDifference(z, window(encoded, i + 1)))));

  const adjacent = offsets.flatMap((offset, i) => (offsets[i + 1] === offset + 1 ? [i] : []));
  const moves = adjacent.map((i) => tf.squaredDifference(window(encoded, i + 1), window(encoded, i)));
  const similarity = mean(moves.map((move) => tf.mean(move)));
  const inverse = mean(
    adjacent.map((i) => {
      const guess = model.inverse(flat(window(encoded, i)), flat(window(encoded, i + 1)));
      return tf.mean(tf.squaredDifference(guess, step(actions, offsets[i]!)));
    }),
  );
  const { variance, covariance, std } = varianceCovariance(tf.reshape(encoded, [-1, encoded.shape[3]!]));

  const probeError = (latents: Tensor, truth: Tensor): Tensor =>
    tf.mean(tf.sum(tf.squaredDifference(model.probe(detach(latents)).position, truth), -1));
  const seen = probeError(encoded, labels);
  const dreamt = imagined.map((z, i) => probeError(z, window(labels, i + 1)));

  const loss = sum([
    rollout,
    tf.mul(variance, weights.variance),
    tf.mul(covariance, weights.covariance),
    tf.mul(similarity, weights.similarity),
    tf.mul(inverse, weights.inverse),
    seen,
    mean(dreamt),
  ]);
  const metrics = {
    rollout,
    variance,
    covariance,
    similarity,
    inverse,
    std,
    probe: tf.sqrt(seen),
    probeAhead: tf.sqrt(dreamt.at(-1)!),
  };
  return { loss, metrics };
}

/** Latents rolled forward from the first frame, at each later offset: [B, N, D] each. */
export function imagine(
  model: WorldModel,
  encoded: Tensor,
  actions: Tensor,
  offsets: readonly number[],
  presence?: Tensor,
): Tensor[] {
  const imagined: Tensor[] = [];
  let latent = window(encoded, 0);
  for (let k = 1; k <= offsets.at(-1)!; k++) {
    latent = model.predict(latent, step(actions, k - 1), presence);
    if (offsets.includes(k)) imagined.push(latent);
  }
  return imagined;
}

/** [B, 1, D] -> [B, D] */
function flat(latent: Tensor): Tensor {
  return tf.reshape(latent, [latent.shape[0]!, -1]);
}

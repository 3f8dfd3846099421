import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { placeScale } from '../encoders/colour-slots.ts';
import { mean, sum, window } from '../losses/steps.ts';
import { varianceCovariance } from '../losses/variance-covariance.ts';
import type { SpectatorConfig } from './config.ts';
import { expectationError, foresee, partsOf, seenShare } from './spectator.ts';

export interface SpectatorLossOptions {
  /** Weights of what keeps the learned numbers from collapsing: see `vicreg`. */
  readonly variance: number;
  readonly covariance: number;
}

/** Frames before expectations count: from one, nobody knows how things move. */
const firstFrames = 2;

/**
 * The loss of watching: what each frame of a window (and those before it) lets expect of the next, against the next as
 * it is encoded, gradient through both; VICReg's terms (Bardes, Ponce and LeCun, 2022) on what is learned of things
 * that are seen. No action, no label, no pixel is predicted.
 *
 * @param latents [B, T, N, D]
 * @param maps [B, T, map, map, 3]
 */
export function spectatorLoss(
  config: SpectatorConfig,
  parameters: Tensors,
  latents: Tensor,
  maps: Tensor,
  { variance: a, covariance: c }: SpectatorLossOptions,
): { readonly loss: Tensor; readonly metrics: Tensors } {
  const size = latents.shape[3]!;
  const all = foresee(config, parameters, latents, maps).map((expected, i) => ({
    expected,
    actual: window(latents, i + 1),
  }));
  const judged = all.slice(firstFrames - 1);
  const surprise = mean(judged.map(({ expected, actual }) => tf.mean(expectationError(config, expected, actual))));
  const [, cover, what] = partsOf(tf.reshape(latents, [-1, size]));
  const { variance, covariance, std } = varianceCovariance(what, seenShare(cover));
  const errors = judged.map(({ expected, actual }) => {
    const [place] = partsOf(expected);
    const [placeSeen, coverSeen] = partsOf(actual);
    const seen = seenShare(coverSeen);
    const squared = tf.sum(tf.squaredDifference(place, placeSeen), 2, true);
    return tf.div(tf.sum(tf.mul(seen, squared)), tf.maximum(tf.sum(seen), 1));
  });
  const covers = judged.map(({ expected, actual }) =>
    tf.mean(tf.squaredDifference(partsOf(expected)[1], partsOf(actual)[1])),
  );
  return {
    loss: sum([surprise, tf.mul(variance, a), tf.mul(covariance, c)]),
    metrics: {
      surprise,
      /** Root mean squared error of places where things are seen, in frame widths. */
      place: tf.div(tf.sqrt(mean(errors)), placeScale),
      cover: tf.sqrt(mean(covers)),
      variance,
      covariance,
      std,
    },
  };
}

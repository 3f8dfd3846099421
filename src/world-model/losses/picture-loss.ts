import { detach } from '../../engine/detach.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { meanOverFilled } from '../objectives/presence.ts';
import type { WorldModel } from '../world-model.ts';
import { mean, sum, window } from './steps.ts';
import type { TrainingLoss } from './training-loss.ts';
import { varianceCovariance } from './variance-covariance.ts';
import { guessedPlaces, imagineWindows } from './window-loss.ts';

/** A batch of windows as pictures. Offsets are predictor steps since the window's start; the first is 0. */
export interface PictureWindows {
  /** [B, T, height, width, C] bytes, the frames at `offsets`. */
  readonly frames: Tensor;
  /** [B, K, A], K the last offset. */
  readonly actions: Tensor;
  /** [B, T, P, 2] true positions: labels of the probe alone. */
  readonly labels: Tensor;
  /** [B, P], 1 for things that are there; null where all are. */
  readonly things: Tensor | null;
}

export interface PictureLossOptions {
  /** What a pixel that changes within its window weighs beside one that stays as it is. */
  readonly movingWeight: number;
}

/**
 * The loss of a generative world model: what is imagined from the first frame by the actions alone must, drawn, be the
 * later frames, pixel by pixel,
 *
 *     mean_k |draw(z_k) - x_k|^2_w + (|draw(z_0) - x_0|^2_w + |draw(enc x_T) - x_T|^2_w) / 2,
 *
 * where pixels weigh w = 1 + `movingWeight` min(1, how much they change within the window), over their mean. Nothing
 * is asked of latents themselves. The probe learns on detached latents, encoded and imagined, as any other model's.
 */
export function pictureLoss(
  model: WorldModel,
  { frames, actions, labels, things }: PictureWindows,
  offsets: readonly number[],
  { movingWeight }: PictureLossOptions,
): TrainingLoss {
  const { drawing } = model;
  if (drawing === null) throw new TypeError('a model without a decoder draws nothing that could be compared');
  const last = offsets.length - 1;
  const pictures = offsets.map((_, i) => drawing.read(window(frames, i)));
  const weights = pixelWeights(pictures, movingWeight);
  const encoded = tf.stack(
    [0, last].map((i) => model.encode(window(frames, i))),
    1,
  );
  const { heads, imagined } = imagineWindows(model, encoded, actions, offsets);
  const error = (latent: Tensor, i: number): Tensor =>
    tf.mean(tf.mul(weights, tf.squaredDifference(drawing.draw(latent), pictures[i]!)));
  const seen = mean([error(window(encoded, 0), 0), error(window(encoded, 1), last)]);
  const ahead = heads.map((own) => own.map((latent, i) => error(latent, i + 1)));

  const probeError = (latent: Tensor, i: number): Tensor => {
    const { position } = model.probe(detach(latent));
    return meanOverFilled(tf.sum(tf.squaredDifference(position, window(labels, i)), 2), things);
  };
  const probed = mean([probeError(window(encoded, 0), 0), probeError(window(encoded, 1), last)]);
  const probedAhead = imagined.map((latent, i) => probeError(latent, i + 1));

  return {
    loss: sum([mean(ahead.flat()), seen, probed, mean(probedAhead)]),
    metrics: {
      drawn: seen,
      drawnAhead: mean(ahead.map((own) => own.at(-1)!)),
      /** The same error of who says that nothing moves. */
      unmoved: tf.mean(tf.mul(weights, tf.squaredDifference(pictures[0]!, pictures[last]!))),
      std: varianceCovariance(tf.reshape(encoded, [-1, encoded.shape[3]!])).std,
      probe: tf.sqrt(probed),
      probeAhead: tf.sqrt(probedAhead.at(-1)!),
    },
    latents: { encoded, presence: null },
    chance: () => ({ probe: guessedPlaces(labels, things) }),
  };
}

/** [B, side, side, C], alike for all channels, of mean 1. */
function pixelWeights(pictures: readonly Tensor[], movingWeight: number): Tensor {
  const [first, ...later] = pictures as [Tensor, ...Tensor[]];
  const changes = later.map((picture) => tf.max(tf.abs(tf.sub(picture, first)), 3, true));
  const most = changes.reduce((greatest, change) => tf.maximum(greatest, change));
  const weights = tf.add(1, tf.mul(movingWeight, tf.minimum(most, 1)));
  return tf.tile(tf.div(weights, tf.mean(weights)), [1, 1, 1, first.shape[3]!]);
}

import { detach } from '../../engine/detach.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { auxiliaryLoss } from '../objectives/auxiliary-loss.ts';
import type { ObjectiveConfig } from '../objectives/config.ts';
import { createObjective } from '../objectives/create-objective.ts';
import { inverseDynamics } from '../objectives/inverse-dynamics.ts';
import { rolloutError } from '../objectives/rollout.ts';
import { neighboursAt } from '../objectives/temporal-similarity.ts';
import type { WorldModel } from '../world-model.ts';
import { bestGuessError } from './best-guess.ts';
import { meanOverHeads } from './mean-over-heads.ts';
import { mean, step, sum, window } from './steps.ts';
import type { TrainingLoss } from './training-loss.ts';
import { varianceCovariance } from './variance-covariance.ts';

/** A batch of windows. Offsets are predictor steps since the window's start; the first is 0. */
export interface Windows {
  /** [B, T, 1, D], latents of the frames at `offsets`. */
  readonly encoded: Tensor;
  /** The same frames by the objective's teacher; null where it has none. */
  readonly teacher: Tensor | null;
  /** What the objective draws. */
  readonly noise: Tensors;
  /** [B, K, A], K the last offset. */
  readonly actions: Tensor;
  /** [B, T, P, 2] true positions of the things that are probed: labels of the probe alone. */
  readonly labels: Tensor;
  /** [B, P], 1 for things that are there. @defaultValue all are */
  readonly things?: Tensor | null;
}

/**
 * The training loss of flat latents: latents rolled forward from the first frame by the actions alone must meet the
 * encoded frames, in the way that the objective has it; inverse dynamics keeps in them what the actions move. The
 * heads of an ensemble are each judged by their own predictions, and count for the mean. The probe learns on detached
 * latents, encoded and imagined, so labels shape nothing but the probe.
 */
export function windowLoss(
  model: WorldModel,
  { encoded, teacher, noise, actions, labels, things = null }: Windows,
  offsets: readonly number[],
  config: ObjectiveConfig,
): TrainingLoss {
  const presence = null;
  const { imagined, heads } = imagineWindows(model, encoded, actions, offsets);
  const objective = meanOverHeads(
    heads.map((own) => createObjective(config).loss({ encoded, imagined: own, teacher, presence, noise })),
  );
  const neighbours = neighboursAt(offsets);
  const auxiliary = auxiliaryLoss(encoded, presence, offsets, neighbours, config);
  const transitions = neighbours.map((i) => ({
    before: flat(window(encoded, i)),
    after: flat(window(encoded, i + 1)),
    action: step(actions, offsets[i]!),
  }));
  const inverse = inverseDynamics(model.inverse, transitions, { frozen: config.inverse === 0 });

  const probeError = (latents: Tensor, truth: Tensor): Tensor =>
    meanOverThings(tf.sum(tf.squaredDifference(placesIn(model, detach(latents), truth), truth), -1), things);
  const seen = probeError(encoded, labels);
  const dreamt = imagined.map((z, i) => probeError(z, window(labels, i + 1)));

  return {
    loss: sum([objective.loss, auxiliary.loss, tf.mul(inverse, config.inverse || 1), seen, mean(dreamt)]),
    metrics: {
      rollout: rolloutError(imagined, encoded, presence),
      ...objective.metrics,
      ...auxiliary.metrics,
      inverse,
      std: varianceCovariance(tf.reshape(encoded, [-1, encoded.shape[3]!])).std,
      probe: tf.sqrt(seen),
      probeAhead: tf.sqrt(dreamt.at(-1)!),
    },
    latents: { encoded, presence },
    chance: () => ({ inverse: bestGuessError(actions), probe: guessedPlaces(labels, things) }),
  };
}

/** Latents rolled forward from the first frame, at each later offset: [B, N, D] each. */
export interface ImaginedWindows {
  /** The mean over the ensemble's heads, as planning sees it. */
  readonly imagined: readonly Tensor[];
  /** What each head says, going by its own predictions alone. */
  readonly heads: readonly (readonly Tensor[])[];
}

/** Rolls the first frames' latents forward by the actions alone. */
export function imagineWindows(
  model: WorldModel,
  encoded: Tensor,
  actions: Tensor,
  offsets: readonly number[],
  presence?: Tensor,
): ImaginedWindows {
  const span = offsets.at(-1)!;
  const steps = Array.from({ length: span }, (_, k) => step(actions, k));
  const { latents, heads } = model.imagine(window(encoded, 0), steps, presence === undefined ? {} : { presence });
  const atOffsets = (all: readonly Tensor[]) => offsets.slice(1).map((offset) => all[offset]!);
  return { imagined: atOffsets(latents), heads: heads.map(atOffsets) };
}

/** The same by the whole ensemble only. */
export function imagine(...windows: Parameters<typeof imagineWindows>): readonly Tensor[] {
  return imagineWindows(...windows).imagined;
}

/** [B, 1, D] -> [B, D] */
function flat(latent: Tensor): Tensor {
  return tf.reshape(latent, [latent.shape[0]!, -1]);
}

/** What the probe reads of latents, in the shape of the true places. */
function placesIn(model: WorldModel, latents: Tensor, { shape }: Tensor): Tensor {
  const { position } = model.probe(latents);
  return position.shape.join() === shape.join() ? position : tf.reshape(position, shape);
}

/** Mean over the things that are there: values [B, ..., P], things [B, P] or null for all. */
function meanOverThings(values: Tensor, things: Tensor | null): Tensor {
  if (things === null) return tf.mean(values);
  const [batch, count] = things.shape as [number, number];
  const here = tf.reshape(things, [batch, ...values.shape.slice(1, -1).map(() => 1), count]);
  const times = values.size / things.size;
  return tf.div(tf.sum(tf.mul(values, here)), tf.mul(times, tf.maximum(tf.sum(things), 1)));
}

/** The probe's error of the best constant guess of places [B, T, P, 2], of things that are there. */
export function guessedPlaces(labels: Tensor, things: Tensor | null): Tensor {
  if (things === null) return tf.sqrt(tf.mul(2, bestGuessError(labels)));
  const [batch, frames, count] = labels.shape as [number, number, number, number];
  const flat = tf.reshape(labels, [batch, frames, 2 * count]);
  const here = tf.tile(tf.reshape(things, [batch, 1, count, 1]), [1, frames, 1, 2]);
  return tf.sqrt(tf.mul(2, bestGuessError(flat, tf.reshape(here, flat.shape))));
}

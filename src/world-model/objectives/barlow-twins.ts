import { type Tensor, tf } from '../../engine/tf.ts';
import { sum } from '../losses/steps.ts';
import type { ObjectiveConfig } from './config.ts';
import { noNoise, type Objective } from './objective.ts';
import { laterFrames, toRows } from './presence.ts';
import { rolloutError } from './rollout.ts';

/**
 * Barlow Twins (Zbontar et al., 2021):
 *
 *     rollout + a mean_d (1 - C_dd)^2 + r mean_{d != e} C_de^2
 *
 * with C [D, D] the correlation, over the batch, of dimension d in one view with dimension e in the other (means here,
 * sums in the paper: its weight 0.005 of sums over 8,192 dimensions is 41 of means). The two views of a frame are
 * its encoded latent and the one imagined for it from earlier on: what a distorted picture is to images, the action
 * and the passing of time are here. Correlations have no scale, planning needs one, hence the rollout's error beside
 * them, gradient through its targets too.
 *
 * A constant latent correlates with nothing and costs `a`. What the rollout can't predict costs as much, so unlike
 * VICReg it asks for variation that is predictable, and a scene that stays as it is is the most predictable of all:
 * it is drawn into static collapse, and has temporal variance on by default.
 */
export function createBarlowTwins({
  alignment: a,
  redundancy: r,
}: Extract<ObjectiveConfig, { name: 'barlow-twins' }>): Objective {
  return {
    teacherDecay: null,
    noise: noNoise,
    loss({ encoded, imagined, presence }) {
      const dreamt = toRows(tf.stack([...imagined], 1), presence);
      const seen = toRows(laterFrames(encoded), presence);
      const { alignment, redundancy } = crossCorrelation(dreamt.rows, seen.rows, seen.weights);
      const rollout = rolloutError(imagined, encoded, presence);
      return {
        loss: sum([rollout, tf.mul(alignment, a), tf.mul(redundancy, r)]),
        metrics: { alignment, redundancy },
      };
    },
  };
}

/**
 * How far two views [M, D] of the same things are from a correlation matrix that is the identity.
 *
 * @param weights [M, 1], 0 for rows that don't count; all ones if absent
 */
export function crossCorrelation(
  a: Tensor,
  b: Tensor,
  weights?: Tensor,
): { readonly alignment: Tensor; readonly redundancy: Tensor } {
  const [count, size] = a.shape as [number, number];
  const total = weights === undefined ? tf.scalar(count) : tf.maximum(tf.sum(weights), 1);
  const weigh = (x: Tensor): Tensor => (weights === undefined ? x : tf.mul(x, weights));
  const standardise = (x: Tensor): Tensor => {
    const centred = weigh(tf.sub(x, tf.div(tf.sum(weigh(x), 0, true), total)));
    const variance = tf.div(tf.sum(tf.square(centred), 0, true), total);
    return tf.div(centred, tf.sqrt(tf.add(variance, 1e-4)));
  };
  const correlation = tf.div(tf.matMul(standardise(a), standardise(b), true, false), total);
  const identity = tf.eye(size);
  return {
    alignment: tf.div(tf.sum(tf.mul(tf.square(tf.sub(1, correlation)), identity)), size),
    redundancy: tf.div(tf.sum(tf.mul(tf.square(correlation), tf.sub(1, identity))), size * (size - 1)),
  };
}

import { type Tensor, tf } from '../../engine/tf.ts';
import type { ObjectiveConfig } from './config.ts';
import type { Objective } from './objective.ts';
import { toRows } from './presence.ts';
import { rolloutError } from './rollout.ts';

/**
 * SIGReg (LeJEPA: Balestriero and LeCun, 2025; in world models: LeWorldModel, Maes et al., 2026):
 *
 *     rollout + w sliced Epps-Pulley distance of all encoded frames [B T N, D] from N(0, I)
 *
 * gradient through the rollout's targets too. One term and one weight in place of variance and covariance; every
 * direction must look Gaussian, so clusters and collapsed subspaces show as well. Directions are drawn anew for each
 * step. Like VICReg it looks at the batch alone and is satisfied by scenes that differ.
 */
export function createSigreg({ weight, slices }: Extract<ObjectiveConfig, { name: 'sigreg' }>): Objective {
  return {
    teacherDecay: null,
    noise: (size) => ({ directions: [size, slices] }),
    loss({ encoded, imagined, presence, noise }) {
      const { rows, weights } = toRows(encoded, presence);
      const sigreg = slicedEppsPulley(rows, noise.directions!, weights);
      const rollout = rolloutError(imagined, encoded, presence);
      return { loss: tf.add(rollout, tf.mul(sigreg, weight)), metrics: { sigreg } };
    },
  };
}

/** Points of the integral over [0, 3]. */
const knots = 17;

/**
 * Epps and Pulley's (1983) distance between the empirical characteristic function of one-dimensional projections and
 * that of a standard normal, averaged over projections:
 *
 *     M mean_s integral_{-3}^{3} |mean_m exp(i t <x_m, u_s>) - exp(-t^2 / 2)|^2 exp(-t^2 / 2) dt
 *
 * by the trapezoidal rule at 17 points (both sides are even). Times the number of rows, as a test statistic is: of
 * order one for rows that are Gaussian.
 *
 * @param rows [M, D]
 * @param directions [D, S] of any length above 0: u is their direction
 * @param weights [M, 1], 0 for rows that don't count; all ones if absent
 */
export function slicedEppsPulley(rows: Tensor, directions: Tensor, weights?: Tensor): Tensor {
  const [count, slices] = [rows.shape[0]!, directions.shape[1]!];
  const spacing = 3 / (knots - 1);
  const points = Float32Array.from({ length: knots }, (_, i) => i * spacing);
  const gaussian = points.map((t) => Math.exp((-t * t) / 2));
  const quadrature = gaussian.map((phi, i) => phi * spacing * (i === 0 || i === knots - 1 ? 1 : 2));

  const total = weights === undefined ? tf.scalar(count) : tf.maximum(tf.sum(weights), 1);
  const average = (x: Tensor): Tensor =>
    weights === undefined ? tf.mean(x, 0) : tf.div(tf.sum(tf.mul(x, tf.reshape(weights, [count, 1, 1])), 0), total);
  const unit = tf.div(directions, tf.sqrt(tf.sum(tf.square(directions), 0, true)));
  const projected = tf.reshape(tf.matMul(rows, unit), [count, slices, 1]);
  const angles = tf.mul(projected, tf.tensor(points, [1, 1, knots]));
  const real = tf.sub(average(tf.cos(angles)), tf.tensor(gaussian, [1, knots]));
  const imaginary = average(tf.sin(angles));
  const distances = tf.add(tf.square(real), tf.square(imaginary));
  return tf.mul(tf.mean(tf.matMul(distances, tf.tensor2d(quadrature, [knots, 1]))), total);
}

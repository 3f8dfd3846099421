import type { StepReduction } from '../core/task.ts';
import { type Tensor, tf } from '../engine/tf.ts';

/** Rows of the `stepWeights` input. */
export const stepWeightRows = 3;

/**
 * How the H + 1 imagined steps count, [3, H + 1], when `stepsLeft` predictor steps remain: rows `mean` (1 / L over
 * the valid steps 1 ... L = min(H, stepsLeft)), `ramp` (a mean weighted 0.5 ... 1.5) and `last` (step L alone).
 * Step 0 is now and counts nowhere: no plan changes it.
 */
export function bindStepWeights(horizon: number, stepsLeft: number): Float32Array {
  const valid = validSteps(horizon, stepsLeft);
  const weights = new Float32Array(stepWeightRows * (horizon + 1));
  for (let t = 1; t <= valid; t++) {
    const ramp = valid === 1 ? 1 : 0.5 + (t - 1) / (valid - 1);
    weights[t] = 1 / valid;
    weights[horizon + 1 + t] = ramp / valid;
  }
  weights[2 * (horizon + 1) + valid] = 1;
  return weights;
}

/** Imagined steps that will come to be: at least 1, at most the horizon. */
export function validSteps(horizon: number, stepsLeft: number): number {
  return Math.min(horizon, Math.max(1, Math.floor(stepsLeft)));
}

/** The rows of `stepWeights`, [B, 1, H + 1] each. */
export interface StepWeights {
  readonly mean: Tensor;
  readonly ramp: Tensor;
  readonly last: Tensor;
}

/** Takes the input [B, 3, H + 1] apart. */
export function readStepWeights(stepWeights: Tensor): StepWeights {
  const row = (index: number) => tf.slice(stepWeights, [0, index, 0], [-1, 1, -1]);
  return { mean: row(0), ramp: row(1), last: row(2) };
}

/** Values [B, S, H + 1] -> [B, S]: at the last valid step, or their ramp-weighted mean plus that. */
export function reduceSteps(values: Tensor, weights: StepWeights, steps: StepReduction): Tensor {
  const weight = steps === 'last' ? weights.last : tf.add(weights.ramp, weights.last);
  return tf.sum(tf.mul(values, weight), 2);
}

/**
 * Of latents [B, S, H + 1, N, D] those of the last valid step, [B, S, 1, N, D], which differs between episodes: what is
 * dear to evaluate need not be evaluated of any other.
 */
export function pickStep(latents: Tensor, { last }: StepWeights): Tensor {
  const [, , steps] = latents.shape as [number, number, number, number, number];
  return tf.sum(tf.mul(latents, tf.reshape(last, [-1, 1, steps, 1, 1])), 2, true);
}

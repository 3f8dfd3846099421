import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';

const usualHidden: readonly number[] = [192, 192];

/** Predictor steps that count as one in the network's own numbers, so that these are of order one. */
export const stepScale = 10;

/** Parameters of a critic over flat latents of this size. */
export function criticSpecs(latentSize: number, hidden = usualHidden): ParameterSpecs {
  return mlpSpecs('critic', [3 * latentSize, ...hidden, 1]);
}

/**
 * Predictor steps that it takes to come from one latent to another, >= 0: 10 softplus(MLP([z, g, z - g])). What AMI
 * calls the trainable cost (LeCun, 2022).
 *
 * @param latent [..., D]
 * @param goal of a shape that broadcasts to the latent's
 * @returns [...]
 */
export function remainingSteps(parameters: Tensors, latent: Tensor, goal: Tensor): Tensor {
  const gap = tf.sub(latent, goal);
  const goals = tf.sub(latent, gap);
  const told = tf.concat([latent, goals, gap], -1);
  const value = mlp(parameters, 'critic', told, { activation: 'silu' });
  return tf.mul(tf.softplus(tf.squeeze(value, [-1])), stepScale);
}

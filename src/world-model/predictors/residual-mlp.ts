import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { ResidualMlpConfig } from '../config.ts';

export function residualMlpSpecs(config: ResidualMlpConfig, latentSize: number, actionSize: number): ParameterSpecs {
  return mlpSpecs('predictor', [latentSize + actionSize, ...config.hidden, latentSize], { zeroOutput: true });
}

/** z' = LN(z + MLP([z, a])): [R, 1, D] x [R, A] -> [R, 1, D]. The last layer starts at zero: at first nothing moves. */
export function predictResidualMlp(parameters: Tensors, latent: Tensor, action: Tensor): Tensor {
  const flat = tf.reshape(latent, [latent.shape[0]!, latent.shape[2]!]);
  const change = mlp(parameters, 'predictor', tf.concat([flat, action], 1), { activation: 'relu' });
  return tf.expandDims(normalise(tf.add(flat, change)), 1);
}

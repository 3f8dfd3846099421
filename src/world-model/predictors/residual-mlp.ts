import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { tf } from '../../engine/tf.ts';
import type { ResidualMlpConfig } from '../config.ts';
import { changed } from '../static-part.ts';
import { flatten, type Predictor, type PredictorSizes } from './predictor.ts';

/** z' = LN(z + MLP([z, a])). The last layer starts at zero: at first nothing moves. */
export function residualMlp(
  config: ResidualMlpConfig,
  { latentSize, staticSize = 0, actionSize }: PredictorSizes,
): Predictor {
  return {
    specs: mlpSpecs('predictor', [latentSize + actionSize, ...config.hidden, latentSize - staticSize], {
      zeroOutput: true,
    }),
    step(parameters, { latent }, action) {
      const flat = flatten(latent);
      const change = mlp(parameters, 'predictor', tf.concat([flat, action], 1), { activation: 'relu' });
      return { latent: tf.expandDims(changed(flat, change), 1), memory: null };
    },
  };
}

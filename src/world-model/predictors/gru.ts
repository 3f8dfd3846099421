import { gruCell, gruCellSpecs } from '../../engine/nn/gru-cell.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { tf } from '../../engine/tf.ts';
import type { GruConfig } from '../config.ts';
import { changed } from '../static-part.ts';
import { flatten, type Predictor, type PredictorSizes } from './predictor.ts';

/**
 * A gated recurrent unit reads latent and action and says what changes: h' = GRU([z, a], h), z' = LN(z + W [h', a]).
 * It remembers h [R, width], zero at first. W starts at zero: at first nothing moves. The deterministic path of
 * recurrent state-space models (PlaNet; Hafner et al., 2019), with the latent itself as its input.
 */
export function gru({ width }: GruConfig, { latentSize, staticSize = 0, actionSize }: PredictorSizes): Predictor {
  return {
    specs: {
      ...gruCellSpecs('predictor.cell', latentSize + actionSize, width),
      ...linearSpecs('predictor.out', width + actionSize, latentSize - staticSize, { zero: true }),
    },
    step(parameters, { latent, memory }, action) {
      const flat = flatten(latent);
      const before = memory ?? tf.zeros([flat.shape[0]!, width]);
      const after = gruCell(parameters, 'predictor.cell', tf.concat([flat, action], 1), before);
      const change = linear(parameters, 'predictor.out', tf.concat([after, action], 1));
      return { latent: tf.expandDims(changed(flat, change), 1), memory: after };
    },
  };
}

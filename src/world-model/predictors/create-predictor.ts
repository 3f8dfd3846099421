import type { PredictorConfig, PredictorKind } from '../config.ts';
import { causalTransformer } from './causal-transformer.ts';
import { gru } from './gru.ts';
import { interaction } from './interaction.ts';
import type { Predictor, PredictorSizes } from './predictor.ts';
import { residualMlp } from './residual-mlp.ts';

type Factories = {
  readonly [K in PredictorKind]: (
    config: Extract<PredictorConfig, { readonly kind: K }>,
    sizes: PredictorSizes,
  ) => Predictor;
};

/** Every predictor there is. */
const factories: Factories = {
  'residual-mlp': residualMlp,
  gru,
  'causal-transformer': causalTransformer,
  interaction,
};

export const predictorKinds = Object.keys(factories) as readonly PredictorKind[];

/** The predictor that `config` describes. @throws UsageError for sizes that don't go together */
export function createPredictor(config: PredictorConfig, sizes: PredictorSizes): Predictor {
  // The table's type pairs each kind with its own configuration; indexing it by a union loses that.
  return (factories[config.kind] as (config: PredictorConfig, sizes: PredictorSizes) => Predictor)(config, sizes);
}

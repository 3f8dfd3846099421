import { copyShared, layoutOf, type ParameterLayout } from '../engine/parameters.ts';
import type { ModelConfig } from '../world-model/config.ts';
import { headParameter } from '../world-model/predictors/ensemble.ts';
import { worldModelSpecs } from '../world-model/world-model.ts';

/** A model as it is written: its configuration, and its parameters as that lays them out. */
export interface FinishedModel {
  readonly config: ModelConfig;
  readonly parameters: Float32Array;
}

/**
 * Two moments of one training as a model with two heads: a snapshot ensemble (Huang et al., 2017). Where both have learned
 * something they agree; what only one of them promises, and a search finds whatever is promised, is promised half. All but
 * the predictor is that of `after`.
 *
 * @param layout of both
 */
export function snapshotEnsemble(
  config: ModelConfig,
  layout: ParameterLayout,
  before: Float32Array,
  after: Float32Array,
): FinishedModel {
  const both: ModelConfig = { ...config, ensemble: 2 };
  const whole = layoutOf(worldModelSpecs(both));
  const parameters = new Float32Array(whole.size);
  copyShared(after, layout, parameters, whole);
  const entries = new Map(layout.entries.map((entry) => [entry.name, entry]));
  for (const { name, offset, size } of whole.entries) {
    const { head, name: own } = headParameter(name);
    if (head === null) continue;
    const { offset: from } = entries.get(own)!;
    parameters.set((head === 0 ? before : after).subarray(from, from + size), offset);
  }
  return { config: both, parameters };
}

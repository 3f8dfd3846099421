import { UsageError } from '../core/errors.ts';
import type { ParameterLayout } from '../engine/parameters.ts';
import type { StoredModel } from '../world-model/model-store.ts';

/** A model to begin from, and how fast its encoder goes on learning. */
export interface StartingPoint {
  readonly model: Pick<StoredModel, 'layout' | 'parameters' | 'hash' | 'directory'>;
  /** Of the learning rate, what the encoder has: 0 leaves it as it is, 1 makes no difference. */
  readonly encoderRate: number;
}

/**
 * Parameters to begin with: the given ones, with those of the model in place of all that bear the same name and shape.
 *
 * @throws UsageError where its encoder is another one
 */
export function beginFrom({ model }: StartingPoint, initial: Float32Array, layout: ParameterLayout): Float32Array {
  const known = new Map(model.layout.entries.map((entry) => [entry.name, entry]));
  const parameters = initial.slice();
  for (const { name, shape, offset } of layout.entries) {
    const found = known.get(name);
    if (found !== undefined && found.shape.join() === shape.join()) {
      parameters.set(model.parameters.subarray(found.offset, found.offset + found.size), offset);
    } else if (name.startsWith('encoder.')) {
      const has = found === undefined ? 'none' : `[${found.shape}]`;
      throw new UsageError(
        `the model in '${model.directory}' has another encoder: '${name}' is [${shape}] here and ${has} there. Begin from a model of the same configuration, as 'amitable watch' or 'amitable train' makes them.`,
      );
    }
  }
  return parameters;
}

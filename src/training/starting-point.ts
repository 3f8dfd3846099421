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
  checkEncoder(model, layout);
  const known = new Map(model.layout.entries.map((entry) => [entry.name, entry]));
  const parameters = initial.slice();
  for (const { name, shape, offset } of layout.entries) {
    const found = known.get(name);
    if (found === undefined || found.shape.join() !== shape.join()) continue;
    parameters.set(model.parameters.subarray(found.offset, found.offset + found.size), offset);
  }
  return parameters;
}

/** @throws UsageError naming the first parameter of an encoder so laid out that the model's encoder has otherwise */
export function checkEncoder({ layout: theirs, directory }: StartingPoint['model'], layout: ParameterLayout): void {
  const shapes = new Map(theirs.entries.map(({ name, shape }) => [name, shape.join()]));
  for (const { name, shape } of layout.entries) {
    if (!name.startsWith('encoder.') || shapes.get(name) === shape.join()) continue;
    const has = shapes.has(name) ? `[${shapes.get(name)}]` : 'none';
    throw new UsageError(
      `the model in '${directory}' has another encoder: '${name}' is [${shape}] here and ${has} there. Begin from a model of the same configuration, as 'amitable watch' or 'amitable train' makes them.`,
    );
  }
}

import { UsageError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';
import type { Initialiser } from './initialisers.ts';
import type { Tensors } from './program.ts';
import { type Tensor, tf } from './tf.ts';

export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly init: Initialiser;
}

/** A model's parameters by name: 'encoder.conv1.weight'. Merge the specs of its parts by spreading. */
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

export interface ParameterEntry extends ParameterSpec {
  readonly name: string;
  /** Index of its first element in the flat vector. */
  readonly offset: number;
  readonly size: number;
}

/**
 * Where each parameter lies in one flat vector. The optimiser works on the whole vector, so that an update is a
 * few large element-wise operations instead of a dozen for each parameter.
 */
export interface ParameterLayout {
  readonly entries: readonly ParameterEntry[];
  /** Number of scalars in all. */
  readonly size: number;
}

/** Lays the parameters out one after another, in the order of the specs. */
export function layoutOf(specs: ParameterSpecs): ParameterLayout {
  const entries: ParameterEntry[] = [];
  let offset = 0;
  for (const [name, { shape, init }] of Object.entries(specs)) {
    if (!shape.every((length) => Number.isInteger(length) && length > 0))
      throw new UsageError(`parameter '${name}' has shape [${shape}]: every length must be a positive integer`);
    const size = shape.reduce((product, length) => product * length, 1);
    entries.push({ name, shape, init, offset, size });
    offset += size;
  }
  return { entries, size: offset };
}

/**
 * Starting values of all parameters, in one flat vector. Each draws from the stream that bears its name, so
 * adding, removing or reordering parameters never changes another's values.
 */
export function initialise(layout: ParameterLayout, rng: Rng): Float32Array {
  const values = new Float32Array(layout.size);
  for (const { name, shape, init, offset, size } of layout.entries) {
    const initial = init(shape, rng.child(name));
    if (initial.length !== size)
      throw new UsageError(`the initialiser of '${name}' made ${initial.length} values for shape [${shape}]`);
    values.set(initial, offset);
  }
  return values;
}

/** A flat vector in the graph -> its parameters by name. */
export function unpack(flat: Tensor, layout: ParameterLayout): Tensors {
  const { entries, size } = layout;
  if (flat.rank !== 1 || flat.size !== size)
    throw new UsageError(`a vector of ${size} parameters was expected, got shape [${flat.shape}]`);
  if (entries.length === 0) return {};
  const pieces = tf.split(
    flat,
    entries.map((entry) => entry.size),
  );
  return byName(layout, (entry, i) => tf.reshape(pieces[i]!, [...entry.shape]));
}

/**
 * Fixed parameters, baked into an inference graph as constants: ONNX Runtime packs constant matrices once, ahead
 * of the first run.
 */
export function constants(values: Float32Array, layout: ParameterLayout): Tensors {
  checkLength(values, layout);
  return byName(layout, ({ shape, offset, size }) =>
    tf.tensor(values.slice(offset, offset + size), [...shape], 'float32'),
  );
}

/** Splits a layout in two, each numbered from 0, keeping the order: those for which `accept` holds, and the rest. */
export function partition(
  layout: ParameterLayout,
  accept: (name: string) => boolean,
): readonly [accepted: ParameterLayout, rest: ParameterLayout] {
  const specsOf = (entries: readonly ParameterEntry[]) =>
    Object.fromEntries(entries.map(({ name, shape, init }) => [name, { shape, init }]));
  return [
    layoutOf(specsOf(layout.entries.filter((entry) => accept(entry.name)))),
    layoutOf(specsOf(layout.entries.filter((entry) => !accept(entry.name)))),
  ];
}

/** Copies the parameters that both layouts name from one flat vector into another. */
export function copyShared(
  from: Float32Array,
  fromLayout: ParameterLayout,
  to: Float32Array,
  toLayout: ParameterLayout,
): void {
  const offsets = new Map(fromLayout.entries.map((entry) => [entry.name, entry.offset]));
  for (const { name, offset, size } of toLayout.entries) {
    const source = offsets.get(name);
    if (source !== undefined) to.set(from.subarray(source, source + size), offset);
  }
}

/** The parameter `name`, or an error that says which ones there are under its prefix. */
export function parameter(parameters: Tensors, name: string): Tensor {
  const found = parameters[name];
  if (found !== undefined) return found;
  const prefix = name.split('.')[0]!;
  const near = Object.keys(parameters).filter((other) => other.split('.')[0] === prefix);
  throw new UsageError(
    `no parameter '${name}'; ${near.length > 0 ? `known under '${prefix}': ${near.join(', ')}` : `none under '${prefix}'`}`,
  );
}

function byName<T>(layout: ParameterLayout, make: (entry: ParameterEntry, index: number) => T): Record<string, T> {
  return Object.fromEntries(layout.entries.map((entry, i) => [entry.name, make(entry, i)]));
}

function checkLength(values: Float32Array, { size }: ParameterLayout): void {
  if (values.length !== size) throw new UsageError(`the layout holds ${size} parameters, got ${values.length} values`);
}

import { UsageError, unknownName } from '../core/errors.ts';
import { sizeOf } from './onnx/graph.ts';
import type { TensorSpec, Values } from './program.ts';

export type Specs = Readonly<Record<string, Required<TensorSpec>>>;

/** Refuses feeds that are missing, unknown, of the wrong type or of the wrong size, in words. */
export function checkFeeds(program: string, inputs: Specs, feeds: Readonly<Record<string, Values>>): void {
  for (const name in inputs) {
    const values = feeds[name];
    if (values === undefined)
      throw new UsageError(`program '${program}': input '${name}' was not fed; it takes ${describe(inputs[name]!)}`);
    checkArray(`program '${program}': input '${name}'`, inputs[name]!, values);
  }
  for (const name in feeds) {
    if (!Object.hasOwn(inputs, name)) throw unknownName(`input of program '${program}'`, name, Object.keys(inputs));
  }
}

/** Refuses preallocated results that do not fit. */
export function checkInto(program: string, outputs: Specs, into: Readonly<Record<string, Values>>): void {
  for (const name in into) {
    if (!Object.hasOwn(outputs, name)) throw unknownName(`output of program '${program}'`, name, Object.keys(outputs));
    checkArray(`program '${program}': the array for output '${name}'`, outputs[name]!, into[name]!);
  }
}

function checkArray(what: string, spec: Required<TensorSpec>, values: Values): void {
  const fits = spec.dtype === 'float32' ? values instanceof Float32Array : values instanceof Int32Array;
  if (fits && values.length === sizeOf(spec.shape)) return;
  const came = ArrayBuffer.isView(values) ? `${values.constructor.name} of ${values.length}` : typeof values;
  throw new UsageError(`${what} takes ${describe(spec)}, got ${came}`);
}

function describe({ shape, dtype }: Required<TensorSpec>): string {
  const array = dtype === 'float32' ? 'Float32Array' : 'Int32Array';
  return `a ${array} of ${sizeOf(shape)} numbers, shape [${shape.join(', ')}]`;
}

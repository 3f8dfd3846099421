import {
  type Attributes,
  type ConstantData,
  type Graph,
  type Node,
  type OnnxType,
  type Port,
  sameShape,
  sizeOf,
  type Value,
} from './graph.ts';

export interface TensorType {
  readonly type: OnnxType;
  readonly shape: readonly number[];
}

/**
 * Appends nodes to a graph. The first group of methods is the whole mechanism; the second spells the few
 * operators that nearly every lowering needs, with their result shapes worked out and no-ops left out.
 */
export interface GraphBuilder {
  input(name: string, result: TensorType): Value;
  constant(type: OnnxType, shape: readonly number[], data: ConstantData): Value;
  /** One node with one result. */
  node(op: string, inputs: readonly (Value | null)[], result: TensorType, attributes?: Attributes): Value;
  /** One node with several results. */
  nodes(op: string, inputs: readonly Value[], results: readonly TensorType[], attributes?: Attributes): Value[];
  finish(outputs: readonly Port[]): Graph;

  /** A constant of rank 0. */
  scalar(value: number, type: OnnxType): Value;
  /** A constant int64 list, as ONNX wants axes, shapes and pads. */
  list(values: readonly number[]): Value;
  /** An operator that keeps the shape of its one input, and its type unless told otherwise. */
  unary(op: string, x: Value, attributes?: Attributes, type?: OnnxType): Value;
  /** An operator that broadcasts its two inputs; the result has the first one's type unless told otherwise. */
  binary(op: string, a: Value, b: Value, type?: OnnxType): Value;
  /** `condition ? yes : no`, all three broadcast. */
  where(condition: Value, yes: Value, no: Value): Value;
  reshape(x: Value, shape: readonly number[]): Value;
  transpose(x: Value, permutation: readonly number[]): Value;
  cast(x: Value, type: OnnxType): Value;
  /** Elements `begin[i] + k * step[i]`, `size[i]` of them, along each axis; steps may be negative. */
  slice(x: Value, begin: readonly number[], size: readonly number[], step?: readonly number[]): Value;
  concat(values: readonly Value[], axis: number): Value;
}

export function createGraphBuilder(name: string): GraphBuilder {
  const inputs: Port[] = [];
  const nodes: Node[] = [];
  let nextId = 0;
  const value = ({ type, shape }: TensorType, data: ConstantData | null = null): Value => ({
    id: nextId++,
    type,
    shape: [...shape],
    data,
  });

  const g: GraphBuilder = {
    input(inputName, result) {
      const port = { name: inputName, value: value(result) };
      inputs.push(port);
      return port.value;
    },
    constant: (type, shape, data) => value({ type, shape }, data),
    node: (op, from, result, attributes) => {
      const made = value(result);
      nodes.push({ op, inputs: from, outputs: [made], attributes: attributes ?? {} });
      return made;
    },
    nodes(op, from, results, attributes = {}) {
      const made = results.map((result) => value(result));
      nodes.push({ op, inputs: from, outputs: made, attributes });
      return made;
    },
    finish: (outputs) => ({ name, inputs, outputs, nodes }),

    scalar: (number, type) => g.constant(type, [], constantOf(type, number)),
    list: (values) => g.constant('int64', [values.length], BigInt64Array.from(values, BigInt)),
    unary: (op, x, attributes = {}, type = x.type) => g.node(op, [x], { type, shape: x.shape }, attributes),
    binary: (op, a, b, type = a.type) => g.node(op, [a, b], { type, shape: broadcast(a.shape, b.shape) }),
    where: (condition, yes, no) =>
      g.node('Where', [condition, yes, no], {
        type: yes.type,
        shape: broadcast(condition.shape, broadcast(yes.shape, no.shape)),
      }),
    reshape(x, shape) {
      return sameShape(x.shape, shape) ? x : g.node('Reshape', [x, g.list(shape)], { type: x.type, shape });
    },
    transpose(x, permutation) {
      if (permutation.every((axis, i) => axis === i)) return x;
      const shape = permutation.map((axis) => x.shape[axis]!);
      return g.node('Transpose', [x], { type: x.type, shape }, { perm: permutation });
    },
    cast: (x, type) => (x.type === type ? x : g.unary('Cast', x, { to: onnxTypeCode[type] }, type)),
    slice(x, begin, size, step = size.map(() => 1)) {
      const axes = x.shape.map((_, axis) => axis);
      const touched = axes.filter((axis) => size[axis] !== x.shape[axis] || step[axis]! < 0);
      if (touched.length === 0) return x;
      const end = (axis: number): number => {
        const last = begin[axis]! + size[axis]! * step[axis]!;
        // Counting down past element 0 has no index of its own: -1 would mean the last element.
        return last < 0 ? -x.shape[axis]! - 1 : last;
      };
      const lists = [begin, axes.map(end), axes, step].map((of) => g.list(touched.map((axis) => of[axis]!)));
      return g.node('Slice', [x, ...lists], { type: x.type, shape: size });
    },
    concat(values, axis) {
      const first = values[0]!;
      if (values.length === 1) return first;
      const along = values.reduce((sum, { shape }) => sum + shape[axis]!, 0);
      const shape = first.shape.map((dimension, i) => (i === axis ? along : dimension));
      return g.node('Concat', values, { type: first.type, shape }, { axis });
    },
  };
  return g;
}

/** Element types as numbered in ONNX's TensorProto. */
export const onnxTypeCode = { float32: 1, int32: 6, int64: 7, bool: 9 } as const satisfies Record<OnnxType, number>;

/** The shape of an elementwise operation on two tensors, by NumPy's rules. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
    }
    return left === 1 ? right : left;
  });
}

/** `count` elements of one type, all the same. */
export function constantOf(type: OnnxType, fill: number, count = 1): ConstantData {
  if (type === 'float32') return new Float32Array(count).fill(fill);
  if (type === 'int32') return new Int32Array(count).fill(fill);
  if (type === 'int64') return new BigInt64Array(count).fill(BigInt(fill));
  return new Uint8Array(count).fill(fill === 0 ? 0 : 1);
}

/** A constant tensor, all elements the same. */
export function filled(g: GraphBuilder, type: OnnxType, shape: readonly number[], fill: number): Value {
  return g.constant(type, shape, constantOf(type, fill, sizeOf(shape)));
}

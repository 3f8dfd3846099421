/**
 * An ONNX graph in memory: what lowerings append to, passes rewrite and `encodeModel` writes. Shapes are static
 * and nodes stand in topological order, always.
 */

export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool';

export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor in the graph. Compared by identity; `id` gives a stable order. */
export interface Value {
  readonly id: number;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** The elements, row-major, of a constant; null for inputs and results of nodes. */
  readonly data: ConstantData | null;
}

/** Whole numbers and lists of them are ONNX ints; real numbers say so. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly op: string;
  /** null stands for an optional input left out. */
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

export interface Port {
  readonly name: string;
  readonly value: Value;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** The same graph with every use of a key of `replacements` redirected to its value. */
export function substitute(graph: Graph, replacements: ReadonlyMap<Value, Value>): Graph {
  const resolve = (value: Value): Value => {
    let current = value;
    for (let next = replacements.get(current); next !== undefined; next = replacements.get(current)) current = next;
    return current;
  };
  return {
    ...graph,
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: resolve(value) })),
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map((value) => value && resolve(value)) })),
  };
}

/** Which node makes each value. */
export function producers(graph: Graph): ReadonlyMap<Value, Node> {
  const made = new Map<Value, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) made.set(output, node);
  return made;
}

/** An id that no value of the graph has. */
export function freshId(graph: Graph): number {
  let largest = 0;
  for (const { inputs, outputs } of graph.nodes) {
    for (const value of [...inputs, ...outputs]) largest = Math.max(largest, value?.id ?? 0);
  }
  return largest + 1;
}

import { freshId, type Graph, type Node, sizeOf, type Value } from '../graph.ts';
import { constantOf } from '../graph-builder.ts';

/** What two numbers go into, one from each side. */
const pairwise = new Set(['Add', 'Sub', 'Mul', 'Div']);

/** ONNX Runtime goes through a result in runs that need no broadcasting; each costs as much as some ten elements. */
const shortRun = 16;

/** As long as runs need be. */
const longRun = 1024;

/** Elements that a constant may grow to. */
const largest = 1 << 16;

/**
 * Repeats a small constant along the last axes of what it is broadcast over, where ONNX Runtime would otherwise go
 * through the result a few elements at a time: three colours for each pixel of a picture, one for each of its slots.
 * The numbers that meet are the same, so the results are to the bit; pictures are normalised in a tenth of the time.
 */
export function widenConstants(graph: Graph): Graph {
  const widened = new Map<string, Value>();
  let nextId = freshId(graph);
  return { ...graph, nodes: graph.nodes.map(widen) };

  function widen(node: Node): Node {
    if (!pairwise.has(node.op)) return node;
    const at = node.inputs.findIndex((input) => input!.data !== null);
    const constant = node.inputs[at];
    const other = node.inputs[1 - at];
    if (!constant || !other || constant.data!.length === 1) return node;
    const result = node.outputs[0]!.shape;
    if (sizeOf(result) < longRun || runLength(constant.shape, result) >= shortRun) return node;
    const suffix = suffixOf(result);
    const shape = [...constant.shape.slice(0, -suffix.length), ...suffix];
    if (sizeOf(shape) > largest || !endsWith(other.shape, suffix)) return node;
    const key = `${constant.id}:${shape.join()}`;
    const wide = widened.get(key) ?? repeated(constant, shape, nextId++);
    widened.set(key, wide);
    return { ...node, inputs: node.inputs.with(at, wide) };
  }
}

/** The elements at the end of `result` through which `operand` is one number, or moves on by one with each. */
function runLength(operand: readonly number[], result: readonly number[]): number {
  const own = (axis: number): number => operand[axis - result.length + operand.length] ?? 1;
  let length = 1;
  let kept: boolean | null = null;
  for (let axis = result.length - 1; axis >= 0; axis--) {
    if (result[axis] === 1) continue;
    const keeps = own(axis) === result[axis];
    kept ??= keeps;
    if (keeps !== kept) break;
    length *= result[axis]!;
  }
  return length;
}

/** The last axes that make a long run together, or all. */
function suffixOf(shape: readonly number[]): readonly number[] {
  let axis = shape.length - 1;
  while (axis > 0 && sizeOf(shape.slice(axis)) < longRun) axis--;
  return shape.slice(axis);
}

function endsWith(shape: readonly number[], suffix: readonly number[]): boolean {
  return suffix.every((dimension, i) => shape[shape.length - suffix.length + i] === dimension);
}

/** `value`, broadcast to `shape`. */
function repeated(value: Value, shape: readonly number[], id: number): Value {
  const own = [...new Array(shape.length - value.shape.length).fill(1), ...value.shape];
  const from = value.data!;
  const data = constantOf(value.type, 0, sizeOf(shape));
  const strides = own.map((dimension, axis) => (dimension === 1 ? 0 : sizeOf(own.slice(axis + 1))));
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    let place = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    data[i] = from[place]!;
  }
  return { id, type: value.type, shape, data };
}

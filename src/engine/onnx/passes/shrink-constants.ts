import { type ConstantData, type Graph, type Node, sameShape, type Value } from '../graph.ts';
import { broadcast } from '../graph-builder.ts';

/** Operators that broadcast their inputs. */
const broadcasting = new Set(
  'Add Sub Mul Div Max Min Pow Mod And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual Where'.split(' '),
);

/**
 * Replaces a constant of equal numbers by one number, where an operator would broadcast it back. Gradients are
 * full of such ones and zeros, as large as the tensors they meet.
 */
export function shrinkConstants(graph: Graph): Graph {
  const scalars = new Map<Value, Value>();
  let nextId = freshId(graph);
  const nodes = graph.nodes.map((node) => {
    if (!broadcasting.has(node.op)) return node;
    let inputs = node.inputs;
    for (const [i, input] of inputs.entries()) {
      if (!input || !isUniform(input) || !spare(node, inputs, i)) continue;
      const scalar = scalars.get(input) ?? { ...input, id: nextId++, shape: [], data: input.data!.slice(0, 1) };
      scalars.set(input, scalar);
      inputs = inputs.with(i, scalar);
    }
    return inputs === node.inputs ? node : { ...node, inputs };
  });
  return { ...graph, nodes };
}

/** Whether the other inputs alone give the result its shape. */
function spare(node: Node, inputs: Node['inputs'], i: number): boolean {
  const others = inputs.filter((_, j) => j !== i).map((value) => value!.shape);
  return sameShape(
    others.reduce((a, b) => broadcast(a, b)),
    node.outputs[0]!.shape,
  );
}

function isUniform({ data, shape }: Value): boolean {
  return data !== null && shape.length > 0 && data.length > 0 && allEqual(data);
}

function allEqual(data: ConstantData): boolean {
  const [first] = data;
  // Object.is would tell 0 from -0, as it must: 1 / -0 is not 1 / 0.
  for (const element of data) if (!Object.is(element, first)) return false;
  return true;
}

function freshId(graph: Graph): number {
  let largest = 0;
  for (const { inputs, outputs } of graph.nodes) {
    for (const value of [...inputs, ...outputs]) largest = Math.max(largest, value?.id ?? 0);
  }
  return largest + 1;
}

import { type ConstantData, freshId, type Graph, type Node, sameShape, type Value } from '../graph.ts';
import { broadcast } from '../graph-builder.ts';

/** Operators that broadcast their inputs. */
const broadcasting = new Set(
  'Add Sub Mul Div Max Min Pow Mod And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual Where'.split(' '),
);

/** Elements from which a constant of equal numbers is written as one number and a shape. */
const large = 64;

/**
 * Replaces a constant of equal numbers by one number: alone where the operator broadcasts it back, expanded where it
 * does not. Gradients are full of ones and zeros as large as the tensors they meet, and files need not be.
 */
export function shrinkConstants(graph: Graph): Graph {
  const scalars = new Map<Value, Value>();
  const expanded = new Map<Value, Value>();
  const nodes: Node[] = [];
  let nextId = freshId(graph);

  for (const node of graph.nodes) {
    let inputs = node.inputs;
    for (const [i, input] of inputs.entries()) {
      if (!input || !isUniform(input)) continue;
      if (broadcasting.has(node.op) && spare(node, inputs, i)) inputs = inputs.with(i, scalarOf(input));
      else if (input.data!.length >= large) inputs = inputs.with(i, expand(input));
    }
    nodes.push(inputs === node.inputs ? node : { ...node, inputs });
  }
  return { ...graph, nodes };

  function scalarOf(value: Value): Value {
    const scalar = scalars.get(value) ?? { ...value, id: nextId++, shape: [], data: value.data!.slice(0, 1) };
    scalars.set(value, scalar);
    return scalar;
  }

  function expand(value: Value): Value {
    const known = expanded.get(value);
    if (known !== undefined) return known;
    const dimensions = BigInt64Array.from(value.shape, BigInt);
    const shape: Value = { id: nextId++, type: 'int64', shape: [dimensions.length], data: dimensions };
    const result: Value = { ...value, id: nextId++, data: null };
    nodes.push({ op: 'Expand', inputs: [scalarOf(value), shape], outputs: [result], attributes: {} });
    expanded.set(value, result);
    return result;
  }
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
  // Object.is tells 0 from -0, as it must: 1 / -0 is not 1 / 0.
  for (const element of data) if (!Object.is(element, first)) return false;
  return true;
}

import { type Graph, type Node, sameShape, substitute, type Value } from '../graph.ts';

/** Drops operations that give back their input: x * 1, x + 0, x - 0, x / 1. */
export function removeNoOps(graph: Graph): Graph {
  const outputs = new Set(graph.outputs.map(({ value }) => value));
  const replacements = new Map<Value, Value>();
  const nodes = graph.nodes.filter((node) => {
    const [output] = node.outputs;
    const input = unchanged(node);
    if (input === null || outputs.has(output!)) return true;
    replacements.set(output!, input);
    return false;
  });
  return replacements.size === 0 ? graph : substitute({ ...graph, nodes }, replacements);
}

/** The input that the node hands through, if it does. */
function unchanged({ op, inputs, outputs }: Node): Value | null {
  const [a, b] = inputs;
  if (!a || !b) return null;
  const keeps = (value: Value): boolean => sameShape(value.shape, outputs[0]!.shape);
  if (op === 'Mul' && isAll(b, 1) && keeps(a)) return a;
  if (op === 'Mul' && isAll(a, 1) && keeps(b)) return b;
  if (op === 'Div' && isAll(b, 1) && keeps(a)) return a;
  // -0 + 0 is 0: adding zero is not quite nothing, but subtracting it is.
  if (op === 'Sub' && isAll(b, 0) && keeps(a)) return a;
  return null;
}

function isAll({ data }: Value, number: number): boolean {
  return data !== null && !(data instanceof BigInt64Array) && data.every((element) => element === number);
}

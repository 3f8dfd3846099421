import { type Graph, type Node, producers, sameShape, type Value } from '../graph.ts';

/**
 * Joins a Transpose of a Transpose, or a Reshape of a Reshape, into one; where the two undo each other nothing
 * remains. So a stack of convolutions, each written between two layout changes, changes layout only at its ends.
 */
export function mergeLayoutChanges(graph: Graph): Graph {
  const made = new Map(producers(graph));
  const replacements = new Map<Value, Value>();
  const outputs = new Set(graph.outputs.map(({ value }) => value));
  const nodes = graph.nodes.map((original) => {
    const inputs = original.inputs.map((value) => (value && replacements.get(value)) ?? value);
    const node = join({ ...original, inputs }, made);
    const [output] = node.outputs;
    made.set(output!, node);
    if (isNothing(node) && !outputs.has(output!)) replacements.set(output!, node.inputs[0]!);
    return node;
  });
  return { ...graph, nodes };
}

function join(node: Node, made: ReadonlyMap<Value, Node>): Node {
  const source = node.inputs[0] && made.get(node.inputs[0]);
  if (source === undefined || source === null || source.op !== node.op) return node;
  if (node.op === 'Reshape') return { ...node, inputs: [source.inputs[0]!, node.inputs[1]!] };
  if (node.op !== 'Transpose') return node;
  const first = permutation(source);
  const perm = permutation(node).map((axis) => first[axis]!);
  return { ...node, inputs: [source.inputs[0]!], attributes: { perm } };
}

function isNothing(node: Node): boolean {
  if (node.op === 'Reshape') return sameShape(node.inputs[0]!.shape, node.outputs[0]!.shape);
  return node.op === 'Transpose' && permutation(node).every((axis, i) => axis === i);
}

function permutation(node: Node): readonly number[] {
  return node.attributes.perm as readonly number[];
}

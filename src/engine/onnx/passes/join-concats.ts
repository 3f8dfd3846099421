import { type Graph, type Node, producers, substitute, type Value } from '../graph.ts';

/**
 * Takes what was joined only to be parted again from before it was joined: a part of a Split that is one input of a
 * Concat is that input, and a Concat of a Concat is one. So a state that is rolled forward in parts is joined once, at
 * the end, and not at every step.
 */
export function joinConcats(graph: Graph): Graph {
  const parted = partBeforeJoining(graph);
  const made = producers(parted);
  const uses = useCounts(parted);
  const nodes = parted.nodes.map((node) => {
    if (node.op !== 'Concat') return node;
    const inputs = node.inputs.flatMap((input) => {
      const inner = made.get(input!);
      return inner?.op === 'Concat' && sameAxis(inner, node) && uses.get(input!) === 1 ? inner.inputs : [input];
    });
    return inputs.length === node.inputs.length ? node : { ...node, inputs };
  });
  return { ...parted, nodes };
}

function partBeforeJoining(graph: Graph): Graph {
  const made = producers(graph);
  const outputs = new Set(graph.outputs.map(({ value }) => value));
  const replacements = new Map<Value, Value>();
  for (const node of graph.nodes) {
    if (node.op !== 'Split') continue;
    const joined = made.get(node.inputs[0]!);
    if (joined?.op !== 'Concat' || !sameAxis(joined, node)) continue;
    const axis = node.attributes.axis as number;
    const inputs = joined.inputs as readonly Value[];
    const starts = startsAlong(inputs, axis);
    const places = startsAlong(node.outputs, axis);
    for (const [i, part] of node.outputs.entries()) {
      const input = inputs[starts.indexOf(places[i]!)];
      if (input?.shape[axis] === part.shape[axis] && !outputs.has(part)) replacements.set(part, input!);
    }
  }
  return replacements.size === 0 ? graph : substitute(graph, replacements);
}

function sameAxis(a: Node, b: Node): boolean {
  return a.attributes.axis === b.attributes.axis;
}

/** Where each value begins along an axis on which they stand one after the other. */
function startsAlong(values: readonly Value[], axis: number): number[] {
  let at = 0;
  return values.map(({ shape }) => {
    const start = at;
    at += shape[axis]!;
    return start;
  });
}

/** How often each value is used, as an output of the graph too. */
function useCounts({ nodes, outputs }: Graph): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  const count = (value: Value): unknown => counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const { value } of outputs) count(value);
  for (const { inputs } of nodes) for (const input of inputs) if (input) count(input);
  return counts;
}

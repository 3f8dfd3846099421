import type { Graph, Node, Value } from '../graph.ts';

/** Drops nodes that no output depends on. */
export function removeDeadNodes(graph: Graph): Graph {
  const needed = new Set<Value | null>(graph.outputs.map(({ value }) => value));
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  return { ...graph, nodes: kept.reverse() };
}

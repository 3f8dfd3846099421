import { freshId, type Graph, type Node, type Value } from '../graph.ts';

/**
 * Parts of one Split that any WebGPU device takes: its shader binds the input and every part, and eight storage buffers
 * are what all devices have (WebGPU, "Limits", `maxStorageBuffersPerShaderStage`).
 */
const mostParts = 7;

/** Makes Splits of more parts than `most` in stages: into groups of neighbours, then these. Results stay bit for bit. */
export function splitInStages(graph: Graph, most = mostParts): Graph {
  let nextId = freshId(graph);
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    if (node.op === 'Split' && node.outputs.length > most) split(node.inputs[0]!, node.outputs, node.attributes);
    else nodes.push(node);
  }
  return { ...graph, nodes };

  function split(whole: Value, parts: readonly Value[], attributes: Node['attributes']): void {
    const axis = attributes.axis as number;
    const groups = inGroups(parts, most);
    const outputs = groups.map((group) => (group.length === 1 ? group[0]! : joined(group, axis)));
    const sizes = BigInt64Array.from(outputs, ({ shape }) => BigInt(shape.at(axis)!));
    const list: Value = { id: nextId++, type: 'int64', shape: [sizes.length], data: sizes };
    nodes.push({ op: 'Split', inputs: [whole, list], outputs, attributes });
    for (const [i, group] of groups.entries()) if (group.length > 1) split(outputs[i]!, group, attributes);
  }

  /** What the parts are together. */
  function joined(parts: readonly Value[], axis: number): Value {
    const [{ type, shape }] = parts as [Value];
    const along = parts.reduce((sum, part) => sum + part.shape.at(axis)!, 0);
    return { id: nextId++, type, shape: shape.with(axis, along), data: null };
  }
}

/** At most so many groups of neighbours, of sizes as equal as can be. */
function inGroups<T>(all: readonly T[], most: number): T[][] {
  const count = Math.min(all.length, most);
  const start = (group: number): number => Math.floor((group * all.length) / count);
  return Array.from({ length: count }, (_, group) => all.slice(start(group), start(group + 1)));
}

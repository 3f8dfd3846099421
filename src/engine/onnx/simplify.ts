import type { Graph } from './graph.ts';
import { fuseLayerNorm } from './passes/fuse-layer-norm.ts';
import { joinConcats } from './passes/join-concats.ts';
import { mergeDuplicates } from './passes/merge-duplicates.ts';
import { mergeLayoutChanges } from './passes/merge-layout-changes.ts';
import { removeDeadNodes } from './passes/remove-dead-nodes.ts';
import { removeNoOps } from './passes/remove-no-ops.ts';
import { shrinkConstants } from './passes/shrink-constants.ts';
import { widenConstants } from './passes/widen-constants.ts';

/** Run until nothing changes. Every pass but `fuseLayerNorm` keeps results bit for bit. */
const passes: readonly ((graph: Graph) => Graph)[] = [
  shrinkConstants,
  removeNoOps,
  mergeLayoutChanges,
  joinConcats,
  mergeDuplicates,
  fuseLayerNorm,
  removeDeadNodes,
];

/** The same program in fewer and cheaper nodes. */
export function simplify(graph: Graph): Graph {
  let current = graph;
  for (;;) {
    const next = passes.reduce((before, pass) => pass(before), current);
    if (next.nodes.length === current.nodes.length) return widenConstants(next);
    current = next;
  }
}

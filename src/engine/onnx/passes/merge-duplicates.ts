import type { ConstantData, Graph, Value } from '../graph.ts';
import { substitute } from '../graph.ts';

/** Computes equal things once: constants with the same numbers, nodes with the same operator and inputs. */
export function mergeDuplicates(graph: Graph): Graph {
  const replacements = new Map<Value, Value>();
  const current = (value: Value): Value => replacements.get(value) ?? value;
  const constants = new Map<string, Value[]>();
  const results = new Map<string, readonly Value[]>();
  const outputs = new Set(graph.outputs.map(({ value }) => value));

  const nodes = graph.nodes.filter((node) => {
    for (const input of node.inputs) if (input?.data && !replacements.has(input)) mergeConstant(input);
    // Outputs keep nodes of their own: one value cannot have two names.
    if (node.outputs.some((output) => outputs.has(output))) return true;
    const inputs = node.inputs.map((input) => (input === null ? '' : current(input).id));
    const key = `${node.op}(${inputs.join()})${JSON.stringify(node.attributes)}`;
    const earlier = results.get(key);
    if (earlier === undefined) {
      results.set(key, node.outputs);
      return true;
    }
    node.outputs.forEach((output, i) => {
      replacements.set(output, earlier[i]!);
    });
    return false;
  });
  return substitute({ ...graph, nodes }, replacements);

  function mergeConstant(value: Value): void {
    const key = `${value.type}[${value.shape.join()}]${fingerprint(value.data!)}`;
    const candidates = constants.get(key) ?? [];
    const earlier = candidates.find((candidate) => sameBytes(candidate.data!, value.data!));
    if (earlier === undefined) constants.set(key, [...candidates, value]);
    else if (earlier !== value) replacements.set(value, earlier);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ConstantData): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** FNV-1a over some 256 bytes, spread evenly; equal arrays have equal ones, the rest is settled by comparison. */
function fingerprint(data: ConstantData): number {
  const bytes = bytesOf(data);
  // Odd, so that it meets all four bytes of a number.
  const step = (bytes.length >>> 8) | 1;
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i += step) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

function sameBytes(a: ConstantData, b: ConstantData): boolean {
  const left = bytesOf(a);
  const right = bytesOf(b);
  if (left.length !== right.length) return false;
  if (left.buffer === right.buffer && left.byteOffset === right.byteOffset) return true;
  // A loop and not `every`: every step of a rollout brings all weights.
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

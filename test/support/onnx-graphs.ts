import { encodeModel } from '../../src/engine/onnx/encode.ts';
import { type Graph, sizeOf, type Value } from '../../src/engine/onnx/graph.ts';
import { createGraphBuilder, type GraphBuilder } from '../../src/engine/onnx/graph-builder.ts';
import { createSession } from '../../src/engine/onnx-session.ts';

/** Of a graph's input, unless told otherwise. */
export const shape = [2, 3, 4];

/** A graph of one input `x`, with the outputs `y0`, `y1`, ... */
export function graphOf(build: (g: GraphBuilder, x: Value) => Value | Value[], of: readonly number[] = shape): Graph {
  const g = createGraphBuilder('test');
  const results = build(g, g.input('x', { type: 'float32', shape: of }));
  const values = Array.isArray(results) ? results : [results];
  return g.finish(values.map((value, i) => ({ name: `y${i}`, value })));
}

/** The parts of a value along an axis. */
export function split(g: GraphBuilder, x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  const results = sizes.map((size) => ({ type: x.type, shape: x.shape.with(axis, size) }));
  return g.nodes('Split', [x, g.list(sizes)], results, { axis });
}

/** The outputs, in order. */
export async function evaluate(graph: Graph): Promise<Float32Array[]> {
  const given = graph.inputs[0]!.value.shape;
  const spec = (of: readonly number[]) => ({ shape: of, dtype: 'float32' as const });
  const session = await createSession({
    name: graph.name,
    onnx: encodeModel(graph),
    inputs: { x: spec(given) },
    outputs: Object.fromEntries(graph.outputs.map(({ name, value }) => [name, spec(value.shape)])),
    outputNames: Object.fromEntries(graph.outputs.map(({ name }) => [name, name])),
    device: 'native',
    threads: 1,
  });
  try {
    // Both zeros are among the values.
    const x = Float32Array.from({ length: sizeOf(given) }, (_, i) => (i % 7 > 0 ? Math.sin(i) : i % 2 > 0 ? -0 : 0));
    return Object.values(await session.run({ x })) as Float32Array[];
  } finally {
    await session.dispose();
  }
}

/** As integers, so that NaN equals itself and 0 is not -0. */
export function bits(results: readonly Float32Array[]): Uint32Array[] {
  return results.map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length));
}

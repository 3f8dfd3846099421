import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';

/**
 * How one TensorFlow.js kernel is written in ONNX: append nodes to `g`, return the result, or the results in
 * the kernel's own order. `inputs` are keyed as in TensorFlow.js's `<Kernel>Inputs` (by position where those
 * are an array), `attributes` are its `<Kernel>Attrs`. Results must have exactly the shape and type
 * that the kernel has on TensorFlow.js's `cpu` backend. What ONNX cannot express is a RangeError that says so.
 */
export type Lowering = (g: GraphBuilder, inputs: KernelInputs, attributes: object) => Value | readonly Value[];

export type KernelInputs = Readonly<Record<string, Value>>;

/** A family of lowerings, keyed by kernel name. */
export type Lowerings = Readonly<Record<string, Lowering>>;

/**
 * Declares a lowering with the kernel's own input names and attributes:
 * `lowering<'x', tf.SumAttrs>((g, { x }, { axis }) => ...)`. TensorFlow.js hands kernels untyped records; this is
 * the one place that believes what its declarations say of them.
 */
export function lowering<Input extends string, Attrs extends object = object>(
  lower: (g: GraphBuilder, inputs: Readonly<Record<Input, Value>>, attributes: Attrs) => Value | readonly Value[],
): Lowering {
  return lower as Lowering;
}

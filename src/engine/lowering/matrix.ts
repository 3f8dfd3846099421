import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { broadcast } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { activate } from './activations.ts';
import { type Lowerings, lowering } from './lowering.ts';

export const matrix: Lowerings = {
  [tf.BatchMatMul]: lowering<'a' | 'b', tf.BatchMatMulAttrs>((g, { a, b }, { transposeA, transposeB }) =>
    matMul(g, a, b, transposeA, transposeB),
  ),
  [tf._FusedMatMul]: lowering<'a' | 'b' | 'bias' | 'preluActivationWeights', tf._FusedMatMulAttrs>(
    (g, { a, b, bias, preluActivationWeights }, attrs) => {
      const product = matMul(g, a, b, attrs.transposeA, attrs.transposeB);
      const shifted = bias === undefined ? product : g.binary('Add', product, bias);
      return activate(g, shifted, attrs, preluActivationWeights);
    },
  ),
  [tf.Einsum]: lowering<string, tf.EinsumAttrs>((g, inputs, { equation }) => {
    const tensors = Object.values(inputs);
    return g.node('Einsum', tensors, { type: tensors[0]!.type, shape: einsumShape(equation, tensors) }, { equation });
  }),
};

function matMul(g: GraphBuilder, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  if (transposeA && !transposeB && isCheaperSwapped(a, b)) return swapLastAxes(g, matMul(g, b, a, true, false));
  const left = transposeA ? swapLastAxes(g, a) : a;
  const right = transposeB ? swapLastAxes(g, b) : b;
  const batch = broadcast(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const shape = [...batch, left.shape.at(-2)!, right.shape.at(-1)!];
  return g.node('MatMul', [left, right], { type: a.type, shape });
}

/**
 * Whether A^T B is better computed as (B^T A)^T. ONNX Runtime repacks the right operand, [K, N], and makes M rows of
 * use of it: a weight's gradient (K = 8192 rows, M = 128, N = 512) takes 13.0 ms as it stands and 9.1 ms swapped.
 * Worth it where the repacking saved outweighs one more pass over the [M, N] result.
 */
function isCheaperSwapped(a: Value, b: Value): boolean {
  if (a.shape.length !== 2 || b.shape.length !== 2) return false;
  const [rows, m] = a.shape as [number, number];
  const n = b.shape[1]!;
  return rows * (n - m) > 4 * m * n;
}

function swapLastAxes(g: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  const [row, column] = axes.slice(-2) as [number, number];
  return g.transpose(x, [...axes.slice(0, -2), column, row]);
}

/** TensorFlow.js takes explicit equations of one-letter axes, with an arrow. */
function einsumShape(equation: string, tensors: readonly Value[]): number[] {
  const [terms, result] = equation.replace(/\s/g, '').split('->') as [string, string];
  const sizes = new Map<string, number>();
  terms.split(',').forEach((term, i) => {
    [...term].forEach((letter, axis) => {
      sizes.set(letter, tensors[i]!.shape[axis]!);
    });
  });
  return [...result].map((letter) => sizes.get(letter)!);
}

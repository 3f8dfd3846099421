import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowering, type Lowerings, lowering } from './lowering.ts';

/** Kernels that ONNX has under one name, element by element. */
const direct: Readonly<Record<string, string>> = {
  [tf.Abs]: 'Abs',
  [tf.Acos]: 'Acos',
  [tf.Acosh]: 'Acosh',
  [tf.Asin]: 'Asin',
  [tf.Asinh]: 'Asinh',
  [tf.Atan]: 'Atan',
  [tf.Atanh]: 'Atanh',
  [tf.Ceil]: 'Ceil',
  [tf.Cos]: 'Cos',
  [tf.Cosh]: 'Cosh',
  [tf.Erf]: 'Erf',
  [tf.Exp]: 'Exp',
  [tf.Floor]: 'Floor',
  [tf.Log]: 'Log',
  [tf.Neg]: 'Neg',
  [tf.Reciprocal]: 'Reciprocal',
  [tf.Round]: 'Round',
  [tf.Sigmoid]: 'Sigmoid',
  [tf.Sign]: 'Sign',
  [tf.Sin]: 'Sin',
  [tf.Sinh]: 'Sinh',
  [tf.Sqrt]: 'Sqrt',
  [tf.Tan]: 'Tan',
  [tf.Tanh]: 'Tanh',
};

export const elementwiseUnary: Lowerings = {
  ...Object.fromEntries(
    Object.entries(direct).map(([kernel, op]): [string, Lowering] => [
      kernel,
      lowering<'x'>((g, { x }) => g.unary(op, x)),
    ]),
  ),
  [tf.Square]: lowering<'x'>((g, { x }) => g.binary('Mul', x, x)),
  [tf.Rsqrt]: lowering<'x'>((g, { x }) => g.unary('Reciprocal', g.unary('Sqrt', x))),
  [tf.Expm1]: lowering<'x'>((g, { x }) => expm1(g, x)),
  [tf.Log1p]: lowering<'x'>((g, { x }) => log1p(g, x)),
  [tf.IsNan]: lowering<'x'>((g, { x }) => g.unary('IsNaN', x, {}, 'bool')),
  [tf.IsInf]: lowering<'x'>((g, { x }) => g.unary('IsInf', x, {}, 'bool')),
  // Only NaN and the infinities give something other than zero here.
  [tf.IsFinite]: lowering<'x'>((g, { x }) => g.binary('Equal', g.binary('Sub', x, x), g.scalar(0, 'float32'), 'bool')),
  [tf.ClipByValue]: lowering<'x', tf.ClipByValueAttrs>((g, { x }, { clipValueMin, clipValueMax }) =>
    g.node('Clip', [x, g.scalar(clipValueMin, x.type), g.scalar(clipValueMax, x.type)], x),
  ),
};

/** e^x - 1 = tanh(x / 2) (e^x + 1), which keeps its digits near zero. */
function expm1(g: GraphBuilder, x: Value): Value {
  const half = g.unary('Tanh', g.binary('Mul', x, g.scalar(0.5, 'float32')));
  return g.binary('Mul', half, g.binary('Add', g.unary('Exp', x), g.scalar(1, 'float32')));
}

/** log(1 + x) = 2 atanh(x / (x + 2)), which keeps its digits near zero; far from it the plain form does. */
function log1p(g: GraphBuilder, x: Value): Value {
  const two = g.scalar(2, 'float32');
  const near = g.binary('Mul', two, g.unary('Atanh', g.binary('Div', x, g.binary('Add', x, two))));
  const far = g.unary('Log', g.binary('Add', x, g.scalar(1, 'float32')));
  return g.where(g.binary('Less', g.unary('Abs', x), g.scalar(0.5, 'float32'), 'bool'), near, far);
}

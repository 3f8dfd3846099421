import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

const binary = (op: string) => lowering<'a' | 'b'>((g, { a, b }) => g.binary(op, a, b));

export const elementwiseBinary: Lowerings = {
  [tf.Add]: binary('Add'),
  [tf.Sub]: binary('Sub'),
  [tf.Multiply]: binary('Mul'),
  [tf.RealDiv]: binary('Div'),
  [tf.Maximum]: binary('Max'),
  [tf.Minimum]: binary('Min'),
  [tf.Pow]: binary('Pow'),
  [tf.AddN]: lowering<string>((g, inputs) => Object.values(inputs).reduce((sum, next) => g.binary('Add', sum, next))),
  [tf.SquaredDifference]: lowering<'a' | 'b'>((g, { a, b }) => {
    const difference = g.binary('Sub', a, b);
    return g.binary('Mul', difference, difference);
  }),
  [tf.Mod]: lowering<'a' | 'b'>((g, { a, b }) => modulo(g, a, b)),
  [tf.FloorDiv]: lowering<'a' | 'b'>((g, { a, b }) =>
    a.type === 'int32'
      ? g.binary('Div', g.binary('Sub', a, modulo(g, a, b)), b)
      : g.cast(g.unary('Floor', g.binary('Div', a, b)), 'int32'),
  ),
  [tf.Atan2]: lowering<'a' | 'b'>((g, { a, b }) => atan2(g, a, b)),
};

/** The remainder with the divisor's sign. */
function modulo(g: GraphBuilder, a: Value, b: Value): Value {
  const shape = g.binary('Add', a, b).shape;
  if (a.type !== 'float32') return g.node('Mod', [a, b], { type: a.type, shape }, { fmod: 0 });
  const remainder = g.node('Mod', [a, b], { type: a.type, shape }, { fmod: 1 });
  const zero = g.scalar(0, a.type);
  const negative = (x: Value): Value => g.binary('Less', x, zero, 'bool');
  const wrapped = g.node('Mod', [g.binary('Add', remainder, b), b], { type: a.type, shape }, { fmod: 1 });
  return g.where(g.binary('Xor', negative(a), negative(b)), wrapped, remainder);
}

/** Angle of the vector (x, y), from the principal value of atan(y / x) and the quadrant. */
function atan2(g: GraphBuilder, y: Value, x: Value): Value {
  const zero = g.scalar(0, 'float32');
  const pi = g.scalar(Math.PI, 'float32');
  const isZero = (v: Value): Value => g.binary('Equal', v, zero, 'bool');
  const turn = g.where(g.binary('Less', y, zero, 'bool'), g.unary('Neg', pi), pi);
  // A zero of either sign counts as positive, or y / -0 would point the wrong way.
  const principal = g.unary('Atan', g.binary('Div', y, g.where(isZero(x), zero, x)));
  const angle = g.where(g.binary('Less', x, zero, 'bool'), g.binary('Add', principal, turn), principal);
  return g.where(g.binary('And', isZero(x), isZero(y)), zero, angle);
}

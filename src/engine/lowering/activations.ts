import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

export const activations: Lowerings = {
  [tf.Relu]: lowering<'x'>((g, { x }) => relu(g, x)),
  [tf.Relu6]: lowering<'x'>((g, { x }) => g.node('Clip', [x, g.scalar(0, x.type), g.scalar(6, x.type)], x)),
  [tf.Elu]: lowering<'x'>((g, { x }) => g.unary('Elu', x)),
  // With y = e^x - 1 below zero, the slope e^x is y + 1.
  [tf.EluGrad]: lowering<'dy' | 'y'>((g, { dy, y }) => {
    const zero = g.scalar(0, 'float32');
    const sloped = g.binary('Mul', dy, g.binary('Add', y, g.scalar(1, 'float32')));
    return g.where(g.binary('Less', y, zero, 'bool'), sloped, dy);
  }),
  [tf.Selu]: lowering<'x'>((g, { x }) => g.unary('Selu', x)),
  [tf.LeakyRelu]: lowering<'x', tf.LeakyReluAttrs>((g, { x }, { alpha }) => leakyRelu(g, x, alpha)),
  [tf.Prelu]: lowering<'x' | 'alpha'>((g, { x, alpha }) => prelu(g, x, alpha)),
  [tf.Softplus]: lowering<'x'>((g, { x }) => g.unary('Softplus', x)),
  [tf.Step]: lowering<'x', tf.StepAttrs>((g, { x }, { alpha }) => {
    const step = g.where(
      g.binary('Greater', x, g.scalar(0, x.type), 'bool'),
      g.scalar(1, x.type),
      g.scalar(alpha, x.type),
    );
    return x.type === 'float32' ? g.where(g.unary('IsNaN', x, {}, 'bool'), x, step) : step;
  }),
  [tf.Softmax]: lowering<'logits', tf.SoftmaxAttrs>((g, { logits }, { dim }) =>
    g.unary('Softmax', logits, { axis: dim < 0 ? dim + logits.shape.length : dim }),
  ),
  [tf.LogSoftmax]: lowering<'logits', tf.LogSoftmaxAttrs>((g, { logits }, { axis }) =>
    g.unary('LogSoftmax', logits, { axis: axis < 0 ? axis + logits.shape.length : axis }),
  ),
};

export interface FusedActivation {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

/** The tail of TensorFlow.js's fused kernels. `slope` is prelu's. */
export function activate(g: GraphBuilder, x: Value, attrs: FusedActivation, slope: Value | undefined): Value {
  const { activation, leakyreluAlpha = 0.2 } = attrs;
  if (activation === 'linear') return x;
  if (activation === 'relu') return relu(g, x);
  if (activation === 'relu6') return g.node('Clip', [x, g.scalar(0, x.type), g.scalar(6, x.type)], x);
  if (activation === 'elu') return g.unary('Elu', x);
  if (activation === 'sigmoid') return g.unary('Sigmoid', x);
  if (activation === 'leakyrelu') return leakyRelu(g, x, leakyreluAlpha);
  if (activation === 'prelu' && slope !== undefined) return prelu(g, x, slope);
  throw new RangeError(`no fused activation '${activation}'`);
}

function relu(g: GraphBuilder, x: Value): Value {
  return x.type === 'float32' ? g.unary('Relu', x) : g.binary('Max', x, g.scalar(0, x.type));
}

function leakyRelu(g: GraphBuilder, x: Value, alpha: number): Value {
  return g.unary('LeakyRelu', x, { alpha: { float: alpha } });
}

function prelu(g: GraphBuilder, x: Value, slope: Value): Value {
  return g.where(g.binary('Less', x, g.scalar(0, x.type), 'bool'), g.binary('Mul', x, slope), x);
}

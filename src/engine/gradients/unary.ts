import * as tf from '@tensorflow/tfjs-core';
import type { Kept, KernelGradient } from './define.ts';

/** dx = dy times the derivative, from the input `x`. */
function fromInput(kernel: string, derivative: (x: tf.Tensor) => tf.Tensor): KernelGradient {
  return { kernel, keep: ['x'], backward: (dy, { x }: Kept) => ({ x: () => tf.mul(dy, derivative(x!)) }) };
}

/** dx = dy times the derivative, from the output `y`. */
function fromOutput(kernel: string, derivative: (y: tf.Tensor) => tf.Tensor): KernelGradient {
  return { kernel, keep: ['y'], backward: (dy, { y }: Kept) => ({ x: () => tf.mul(dy, derivative(y!)) }) };
}

/** Piecewise constant: no gradient anywhere. */
function flat(kernel: string): KernelGradient {
  return { kernel, backward: (dy) => ({ x: () => tf.zerosLike(dy) }) };
}

/** Gradients of element-wise functions of one tensor. */
export const unaryGradients: readonly KernelGradient[] = [
  fromInput('Abs', (x) => tf.sign(x)),
  fromInput('Atan', (x) => tf.reciprocal(tf.add(tf.square(x), 1))),
  fromInput('Cos', (x) => tf.neg(tf.sin(x))),
  fromInput('Erf', (x) => tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI))),
  fromInput('Expm1', (x) => tf.exp(x)),
  fromInput('Sin', (x) => tf.cos(x)),
  fromInput('Softplus', (x) => tf.sigmoid(x)),
  fromInput('Square', (x) => tf.mul(x, 2)),

  fromOutput('Exp', (y) => y),
  fromOutput('Reciprocal', (y) => tf.neg(tf.square(y))),
  fromOutput('Rsqrt', (y) => tf.mul(tf.mul(tf.square(y), y), -0.5)),
  fromOutput('Sigmoid', (y) => tf.mul(y, tf.sub(1, y))),
  fromOutput('Tanh', (y) => tf.sub(1, tf.square(y))),
  // A cast comparison takes half the time of ONNX Runtime's Sign, and of its Where.
  fromOutput('Relu', (y) => tf.cast(tf.greater(y, 0), 'float32')),

  { kernel: 'Log', keep: ['x'], backward: (dy, { x }) => ({ x: () => tf.div(dy, x!) }) },
  { kernel: 'Log1p', keep: ['x'], backward: (dy, { x }) => ({ x: () => tf.div(dy, tf.add(x!, 1)) }) },
  { kernel: 'Sqrt', keep: ['y'], backward: (dy, { y }) => ({ x: () => tf.div(dy, tf.mul(y!, 2)) }) },
  { kernel: 'Neg', backward: (dy) => ({ x: () => tf.neg(dy) }) },
  { kernel: 'Identity', backward: (dy) => ({ x: () => dy.clone() }) },
  // Casts to integers are left without a gradient: the tape then says so.
  { kernel: 'Cast', backward: (dy) => ({ x: () => dy.clone() }) },
  {
    kernel: 'ClipByValue',
    keep: ['x'],
    backward: (dy, { x }, { clipValueMin, clipValueMax }) => ({
      x: () => {
        const within = tf.logicalAnd(tf.greaterEqual(x!, clipValueMin), tf.lessEqual(x!, clipValueMax));
        return tf.where(within, dy, tf.zerosLike(dy));
      },
    }),
  },
  {
    kernel: 'Elu',
    keep: ['y'],
    backward: (dy, { y }) => ({ x: () => tf.mul(dy, tf.where(tf.greater(y!, 0), tf.onesLike(y!), tf.add(y!, 1))) }),
  },
  {
    kernel: 'LeakyRelu',
    keep: ['x'],
    backward: (dy, { x }, { alpha }) => ({ x: () => tf.where(tf.greater(x!, 0), dy, tf.mul(dy, alpha)) }),
  },
  {
    kernel: 'Relu6',
    keep: ['x'],
    backward: (dy, { x }) => ({
      x: () => tf.where(tf.logicalAnd(tf.greater(x!, 0), tf.less(x!, 6)), dy, tf.zerosLike(dy)),
    }),
  },
  ...['Ceil', 'Floor', 'Round', 'Sign', 'Step', 'ZerosLike', 'OnesLike'].map(flat),
];

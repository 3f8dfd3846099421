import * as tf from '@tensorflow/tfjs-core';
import type { KernelGradient } from './define.ts';

/** A reduced tensor with its reduced axes back at length 1. */
function unreduced(reduced: tf.Tensor, full: tf.Tensor, axis: number | number[]): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis, full.shape);
  const shape = full.shape.map((length, i) => (axes.includes(i) ? 1 : length));
  return tf.reshape(reduced, shape);
}

/** Passes dy to every element that attains the extremum: with ties, to each of them. */
function extremum(kernel: string, axisAttribute: 'axis' | 'reductionIndices'): KernelGradient {
  return {
    kernel,
    keep: ['x', 'y'],
    backward: (dy, { x, y }, attributes) => ({
      x: () => {
        const axis = attributes[axisAttribute];
        const attains = tf.equal(x!, unreduced(y!, x!, axis));
        return tf.mul(unreduced(dy, x!, axis), tf.cast(attains, 'float32'));
      },
    }),
  };
}

/** Gradients of reductions and of what normalises over an axis. */
export const reductionGradients: readonly KernelGradient[] = [
  {
    kernel: 'Sum',
    keep: ['x'],
    backward: (dy, { x }, { axis }) => ({ x: () => tf.broadcastTo(unreduced(dy, x!, axis), x!.shape) }),
  },
  {
    kernel: 'Mean',
    keep: ['x'],
    backward: (dy, { x }, { axis }) => ({
      // Divide the small tensor, then spread it.
      x: () => tf.broadcastTo(unreduced(tf.mul(dy, dy.size / x!.size), x!, axis), x!.shape),
    }),
  },
  extremum('Max', 'reductionIndices'),
  extremum('Min', 'axis'),
  {
    kernel: 'Cumsum',
    backward: (dy, _, { axis, exclusive, reverse }) => ({
      x: () => tf.cumsum(dy, axis as number, exclusive, !reverse),
    }),
  },
  {
    kernel: 'Softmax',
    keep: ['y'],
    backward: (dy, { y }, { dim }) => ({
      logits: () => {
        const weighted = tf.mul(dy, y!);
        return tf.sub(weighted, tf.mul(y!, tf.sum(weighted, dim, true)));
      },
    }),
  },
  {
    kernel: 'LogSoftmax',
    keep: ['y'],
    backward: (dy, { y }, { axis }) => ({
      logits: () => tf.sub(dy, tf.mul(tf.exp(y!), tf.sum(dy, axis, true))),
    }),
  },
];

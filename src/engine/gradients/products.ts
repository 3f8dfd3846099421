import * as tf from '@tensorflow/tfjs-core';
import { type KernelGradient, unbroadcast } from './define.ts';

/** Gradients of matrix products and convolutions. */
export const productGradients: readonly KernelGradient[] = [
  {
    // Y = op(A) op(B): dA = dY op(B)^T and dB = op(A)^T dY, each transposed once more where its op transposes.
    kernel: 'BatchMatMul',
    keep: ['a', 'b'],
    backward: (dy, { a, b }, { transposeA, transposeB }) => ({
      a: () =>
        unbroadcast(transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB), a!.shape),
      b: () =>
        unbroadcast(transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false), b!.shape),
    }),
  },
  {
    kernel: 'Conv2D',
    keep: ['x', 'filter'],
    backward: (dy, { x, filter }, { strides, pad, dataFormat, dilations, dimRoundingMode }) => {
      if (![dilations].flat().every((dilation) => dilation === 1))
        throw new Error('conv2d has a gradient for dilation 1 only');
      const shared = { strides, pad, dataFormat, dimRoundingMode };
      // Not among the public operations, these two kernels are called by name.
      const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor =>
        tf.engine().runKernel(kernel, inputs, { ...shared, ...attributes } as unknown as tf.NamedAttrMap) as tf.Tensor;
      return {
        x: () => run('Conv2DBackpropInput', { dy, filter: filter! }, { inputShape: x!.shape }),
        filter: () => run('Conv2DBackpropFilter', { x: x!, dy }, { filterShape: filter!.shape }),
      };
    },
  },
];

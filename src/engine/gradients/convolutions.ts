import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, KernelGradient } from './define.ts';

/** Gradients of convolutions and of what decoders and pools use beside them. */
export const convolutionGradients: readonly KernelGradient[] = [
  {
    kernel: 'Conv2D',
    keep: ['x', 'filter'],
    backward: (dy, { x, filter }, attributes) => {
      if (![attributes.dilations].flat().every((dilation) => dilation === 1))
        throw new Error('conv2d has a gradient for dilation 1 only');
      return {
        x: () => convolution('Conv2DBackpropInput', { dy, filter: filter! }, attributes, { inputShape: x!.shape }),
        filter: () => convolution('Conv2DBackpropFilter', { x: x!, dy }, attributes, { filterShape: filter!.shape }),
      };
    },
  },
  {
    // `conv2dTranspose`: the map from dy to dx is the transpose of the convolution, so its own transpose is that.
    kernel: 'Conv2DBackpropInput',
    keep: ['dy', 'filter'],
    backward: (ddx, { dy, filter }, attributes) => ({
      dy: () => convolution('Conv2D', { x: ddx, filter: filter! }, attributes, { dilations: 1 }),
      filter: () =>
        convolution('Conv2DBackpropFilter', { x: ddx, dy: dy! }, attributes, { filterShape: filter!.shape }),
    }),
  },
  {
    kernel: 'MaxPool',
    keep: ['x', 'y'],
    backward: (dy, { x, y }, { filterSize, strides, pad, dimRoundingMode }) => ({
      x: () => run('MaxPoolGrad', { dy, input: x!, output: y! }, { filterSize, strides, pad, dimRoundingMode }),
    }),
  },
];

function convolution(kernel: string, inputs: tf.NamedTensorMap, shared: Attributes, own: object): tf.Tensor {
  const { strides, pad, dataFormat, dimRoundingMode } = shared;
  return run(kernel, inputs, { strides, pad, dataFormat, dimRoundingMode, ...own });
}

/** These kernels are called by name: not all are among the public operations. */
function run(kernel: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
}

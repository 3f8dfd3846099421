import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients of kernels that take or give a list of tensors, in TensorFlow.js' own form: the others have one dy
 * and named inputs.
 */
export const listGradients: readonly tf.GradConfig[] = [
  {
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, saved) => byIndex(saved.map(() => () => (dy as tf.Tensor).clone())),
  },
  {
    kernelName: 'Concat',
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const axis = tf.util.parseAxisParam(attributes.axis as number, saved[0]!.shape)[0]!;
      const lengths = saved.map((piece) => piece.shape[axis]!);
      const pieces = tf.split(dy as tf.Tensor, lengths, axis);
      return byIndex(pieces.map((piece) => () => piece));
    },
  },
  {
    kernelName: 'Pack',
    saveAllInputs: true,
    gradFunc: (dy, _, attributes) => {
      const pieces = tf.unstack(dy as tf.Tensor, attributes.axis as number);
      return byIndex(pieces.map((piece) => () => piece));
    },
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _, attributes) => ({ x: () => tf.concat(asList(dy), attributes.axis as number) }),
  },
  {
    kernelName: 'Unpack',
    gradFunc: (dy, _, attributes) => ({ value: () => tf.stack(asList(dy), attributes.axis as number) }),
  },
];

function byIndex(gradients: (() => tf.Tensor)[]): Record<string, () => tf.Tensor> {
  return Object.fromEntries(gradients.map((gradient, i) => [String(i), gradient]));
}

/** TensorFlow.js hands over a bare tensor where there is one output. */
function asList(dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(dy) ? dy : [dy];
}

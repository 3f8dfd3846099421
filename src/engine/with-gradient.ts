import { type Tensor, tf } from './tf.ts';

/**
 * A function of one tensor with its gradient written out, where that takes fewer passes over memory than
 * differentiating step by step. First order only: the gradient itself can't be differentiated.
 *
 * @param forward x -> its value, and the tensors that the gradient needs
 * @param backward (dy, those tensors) -> dx
 */
export function withGradient(
  forward: (x: Tensor) => { readonly value: Tensor; readonly saved: readonly Tensor[] },
  backward: (dy: Tensor, saved: readonly Tensor[]) => Tensor,
): (x: Tensor) => Tensor {
  return tf.customGrad((...args) => {
    // TensorFlow.js types the inputs and the function that saves tensors as one list.
    const [x, save] = args as unknown as [Tensor, (tensors: readonly Tensor[]) => void];
    const { value, saved } = forward(x);
    save(saved);
    return { value, gradFunc: (dy: Tensor, kept: Tensor[]) => backward(dy, kept) };
  });
}

import type { ParameterSpecs } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';
import { linear, linearSpecs } from './linear.ts';

/** `input` [inputs, 3 size] and `hidden` [size, 3 size]: reset, update and candidate side by side. */
export function gruCellSpecs(prefix: string, inputs: number, size: number): ParameterSpecs {
  return {
    ...linearSpecs(`${prefix}.input`, inputs, 3 * size),
    ...linearSpecs(`${prefix}.hidden`, size, 3 * size),
  };
}

/**
 * One step of a gated recurrent unit (Cho et al., 2014), in PyTorch's form:
 *
 *     r = sigmoid(W_r x + U_r h),  u = sigmoid(W_u x + U_u h),  n = tanh(W_n x + r (U_n h)),  h' = n + u (h - n)
 *
 * with biases in W and U. x [R, inputs] and state [R, size] -> [R, size].
 */
export function gruCell(parameters: Tensors, prefix: string, x: Tensor, state: Tensor): Tensor {
  const thirds = (gates: Tensor) => tf.split(gates, 3, -1) as [Tensor, Tensor, Tensor];
  const [resetInput, updateInput, candidateInput] = thirds(linear(parameters, `${prefix}.input`, x));
  const [resetState, updateState, candidateState] = thirds(linear(parameters, `${prefix}.hidden`, state));
  const reset = tf.sigmoid(tf.add(resetInput, resetState));
  const update = tf.sigmoid(tf.add(updateInput, updateState));
  const candidate = tf.tanh(tf.add(candidateInput, tf.mul(reset, candidateState)));
  return tf.add(candidate, tf.mul(update, tf.sub(state, candidate)));
}

import type { ParameterSpecs } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';
import { activation } from './activation.ts';
import { linear, linearSpecs } from './linear.ts';

/** `receiver` and `sender` [inputs -> width], `message` [width -> width]. */
export function messageSumSpecs(prefix: string, inputs: number, width: number): ParameterSpecs {
  return {
    ...linearSpecs(`${prefix}.receiver`, inputs, width),
    // The receiver's bias serves both: they are summed.
    ...linearSpecs(`${prefix}.sender`, inputs, width, { bias: false }),
    ...linearSpecs(`${prefix}.message`, width, width),
  };
}

/**
 * What each slot hears from the others, m_i = sum over j != i of p_i p_j SiLU(W SiLU(A x_i + B x_j)): an
 * interaction network (Battaglia et al., 2016) with shared weights, so it serves any number of slots.
 *
 * slots [R, N, inputs] and presence [R, N] (1 present, 0 absent) -> [R, N, width]. Absent slots neither send nor
 * receive.
 */
export function messageSum(parameters: Tensors, prefix: string, slots: Tensor, presence: Tensor): Tensor {
  const [rows, count] = slots.shape as [number, number, number];
  const receiver = linear(parameters, `${prefix}.receiver`, slots);
  const sender = linear(parameters, `${prefix}.sender`, slots);
  const width = receiver.shape[2]!;

  const pairs = tf.add(tf.reshape(receiver, [rows, count, 1, width]), tf.reshape(sender, [rows, 1, count, width]));
  const messages = activation('silu', linear(parameters, `${prefix}.message`, activation('silu', pairs)));
  return tf.sum(tf.mul(messages, pairMask(presence)), 2);
}

/** presence [R, N] -> [R, N, N, 1]: 1 where both are present and i != j. */
function pairMask(presence: Tensor): Tensor {
  const [rows, count] = presence.shape as [number, number];
  const others = tf.tensor(
    Float32Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 0 : 1)),
    [1, count, count],
  );
  const both = tf.mul(tf.reshape(presence, [rows, count, 1]), tf.reshape(presence, [rows, 1, count]));
  return tf.reshape(tf.mul(both, others), [rows, count, count, 1]);
}

import { activation } from '../../engine/nn/activation.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { messageSum, messageSumSpecs } from '../../engine/nn/message-sum.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { InteractionConfig } from '../config.ts';

/**
 * One step of an interaction network (Battaglia et al., 2016) over slots. The pusher, slot 0, follows the action;
 * each object hears of the pusher and the action directly and of the other objects through summed messages; a
 * learned gate decides how much of the proposed change happens, so that untouched things stay put. No parameter
 * belongs to one object, so any number of objects is served.
 */
export function interactionSpecs(config: InteractionConfig, latentSize: number, actionSize: number): ParameterSpecs {
  const { width, messageWidth } = config;
  return {
    ...mlpSpecs('predictor.pusher', [latentSize + actionSize, ...config.pusherHidden, latentSize], {
      zeroOutput: true,
    }),
    ...linearSpecs('predictor.in', 2 * latentSize + actionSize, width),
    ...linearSpecs('predictor.residual', width, width),
    ...messageSumSpecs('predictor.messages', width + latentSize, messageWidth),
    ...linearSpecs('predictor.update', width + messageWidth, width),
    ...mlpSpecs('predictor.head', [width, latentSize + 1], { zeroOutput: true }),
  };
}

/**
 * [R, N, D] x [R, A] -> [R, N, D], slot 0 the pusher.
 * `presence` [R, N - 1] is 1 for slots that hold an object; absent ones send no messages.
 */
export function predictInteraction(parameters: Tensors, latent: Tensor, action: Tensor, presence?: Tensor): Tensor {
  const [rows, slots, size] = latent.shape as [number, number, number];
  const count = slots - 1;
  const pusher = tf.reshape(tf.slice(latent, [0, 0, 0], [rows, 1, size]), [rows, size]);
  const drive = tf.concat([pusher, action], 1);
  const moved = normalise(tf.add(pusher, mlp(parameters, 'predictor.pusher', drive, { activation: 'silu' })));
  if (count === 0) return tf.expandDims(moved, 1);

  const objects = tf.slice(latent, [0, 1, 0], [rows, count, size]);
  const context = tf.tile(tf.expandDims(drive, 1), [1, count, 1]);
  let state = settle(linear(parameters, 'predictor.in', tf.concat([objects, context], 2)));
  state = tf.add(state, settle(linear(parameters, 'predictor.residual', state)));
  const heard = hear(parameters, tf.concat([state, objects], 2), presence);
  const update = linear(parameters, 'predictor.update', tf.concat([state, heard], 2));
  state = tf.add(state, settle(update));
  const head = mlp(parameters, 'predictor.head', state, { activation: 'silu' });
  const change = tf.slice(head, [0, 0, 0], [rows, count, size]);
  const gate = tf.sigmoid(tf.slice(head, [0, 0, size], [rows, count, 1]));
  const next = normalise(tf.add(objects, tf.mul(gate, change)));
  return tf.concat([tf.expandDims(moved, 1), next], 1);
}

/** What each object hears from the others, [R, N - 1, messageWidth]; silence where there is only one. */
function hear(parameters: Tensors, described: Tensor, presence: Tensor | undefined): Tensor {
  const [rows, count] = described.shape as [number, number, number];
  if (count === 1) return tf.zeros([rows, 1, parameters['predictor.messages.message.bias']!.shape[0]!]);
  return messageSum(parameters, 'predictor.messages', described, presence ?? tf.ones([rows, count]));
}

/** SiLU of the normalised features. */
function settle(x: Tensor): Tensor {
  return activation('silu', normalise(x));
}

import { activation } from '../../engine/nn/activation.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { messageSum, messageSumSpecs } from '../../engine/nn/message-sum.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type InteractionConfig, placeSize } from '../config.ts';
import type { Predictor, PredictorSizes } from './predictor.ts';

/**
 * One step of an interaction network (Battaglia et al., 2016) over slots of place and what. The pusher, slot 0,
 * follows the action; each object hears of the pusher's relative place and the action directly, and of the other
 * objects through summed messages; a learned gate decides how much of the proposed change happens, so that
 * untouched things stay put. No parameter belongs to one object, so any number of objects is served.
 */
export function interaction(config: InteractionConfig, { latentSize, actionSize }: PredictorSizes): Predictor {
  return {
    specs: interactionSpecs(config, latentSize - placeSize, actionSize),
    step: (parameters, { latent }, action, presence) => ({
      latent: predictInteraction(parameters, latent, action, presence),
      memory: null,
    }),
  };
}

export function interactionSpecs(config: InteractionConfig, whatSize: number, actionSize: number): ParameterSpecs {
  const { width, messageWidth, pusherHidden } = config;
  const described = width + placeSize + whatSize;
  return {
    ...mlpSpecs('predictor.pusher', [placeSize + actionSize, ...pusherHidden, placeSize], { zeroOutput: true }),
    ...linearSpecs('predictor.in', whatSize + 3 * placeSize + actionSize, width),
    ...linearSpecs('predictor.residual', width, width),
    ...messageSumSpecs('predictor.messages', described, messageWidth),
    ...linearSpecs('predictor.update', width + messageWidth, width),
    ...mlpSpecs('predictor.head', [width, placeSize + whatSize + 1], { zeroOutput: true }),
  };
}

/**
 * [R, N, 2 + what] x [R, A] -> [R, N, 2 + what], slot 0 the pusher.
 * `presence` [R, N - 1] is 1 for slots that hold an object; absent ones send no messages.
 */
export function predictInteraction(parameters: Tensors, latent: Tensor, action: Tensor, presence?: Tensor): Tensor {
  const [rows, slots, size] = latent.shape as [number, number, number];
  const count = slots - 1;
  const whatSize = size - placeSize;
  const [places, whats] = tf.split(latent, [placeSize, whatSize], 2) as [Tensor, Tensor];
  const pusher = tf.reshape(tf.slice(places, [0, 0, 0], [rows, 1, placeSize]), [rows, placeSize]);
  const drive = mlp(parameters, 'predictor.pusher', tf.concat([pusher, action], 1), { activation: 'silu' });
  // What the pusher is does not change.
  const moved = tf.concat(
    [tf.expandDims(tf.add(pusher, drive), 1), tf.slice(whats, [0, 0, 0], [rows, 1, whatSize])],
    2,
  );
  if (count === 0) return moved;

  const place = tf.slice(places, [0, 1, 0], [rows, count, placeSize]);
  const what = tf.slice(whats, [0, 1, 0], [rows, count, whatSize]);
  const away = tf.sub(tf.expandDims(pusher, 1), place);
  // Contact is decided within a tenth of the table: the squashed copy resolves the near and ignores the far.
  const near = tf.tanh(tf.mul(away, nearness));
  const acted = tf.tile(tf.expandDims(action, 1), [1, count, 1]);
  let state = settle(linear(parameters, 'predictor.in', tf.concat([what, place, away, near, acted], 2)));
  state = tf.add(state, settle(linear(parameters, 'predictor.residual', state)));
  const heard = hear(parameters, tf.concat([state, place, what], 2), presence);
  state = tf.add(state, settle(linear(parameters, 'predictor.update', tf.concat([state, heard], 2))));
  const head = mlp(parameters, 'predictor.head', state, { activation: 'silu' });
  const [shift, change, opening] = tf.split(head, [placeSize, whatSize, 1], 2) as [Tensor, Tensor, Tensor];
  const gate = tf.sigmoid(opening);
  const next = tf.concat([tf.add(place, tf.mul(gate, shift)), normalise(tf.add(what, tf.mul(gate, change)))], 2);
  return tf.concat([moved, next], 1);
}

/** In 1 / units of place. */
const nearness = 2.5;

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

import { activation } from '../../engine/nn/activation.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { messageSum, messageSumSpecs } from '../../engine/nn/message-sum.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type InteractionConfig, momentSize, placeSize } from '../config.ts';
import { turnMoments, turnPoints } from '../encoders/shape-moments.ts';
import type { Predictor, PredictorSizes } from './predictor.ts';

/**
 * One step of an interaction network (Battaglia et al., 2016) over slots of place, moments and what. The pusher, slot
 * 0, follows the action; each object hears of the pusher's relative place and the action directly, and of the other
 * objects through summed messages; a learned gate decides how much of the proposed change happens, so that
 * untouched things stay put. No parameter belongs to one object, so any number of objects is served.
 *
 * What is predicted of moments is one angle: all of them turn by it, as those of a rigid thing do. Where the pusher has
 * a velocity, it follows from place, velocity and action, and objects hear of it as of the action.
 */
export function interaction(config: InteractionConfig, sizes: PredictorSizes): Predictor {
  return {
    specs: interactionSpecs(config, sizes),
    step: (parameters, { latent }, action, presence) => ({
      latent: predictInteraction(config, sizes, parameters, latent, action, presence),
      memory: null,
    }),
  };
}

export function interactionSpecs(
  config: InteractionConfig,
  { latentSize, measuredSize, velocitySize = 0, actionSize }: PredictorSizes,
): ParameterSpecs {
  const { width, messageWidth, pusherHidden } = config;
  const heads = headSizes(latentSize, measuredSize, velocitySize).reduce((sum, size) => sum + size);
  const heard = hears(config) ? messageWidth : 0;
  const driven = placeSize + velocitySize;
  const axes = config.axes === 'pusher' ? placeSize : 0;
  return {
    ...mlpSpecs('predictor.pusher', [driven + actionSize, ...pusherHidden, driven], { zeroOutput: true }),
    ...linearSpecs('predictor.in', latentSize + 2 * placeSize + actionSize + axes, width),
    ...Object.assign({}, ...residualNames(config).map((name) => linearSpecs(name, width, width))),
    ...(hears(config) ? messageSumSpecs('predictor.messages', width + latentSize, messageWidth) : {}),
    ...linearSpecs('predictor.update', width + heard, width),
    ...mlpSpecs('predictor.head', [width, heads], { zeroOutput: true }),
  };
}

/**
 * [R, N, D] x [R, A] -> [R, N, D], slot 0 the pusher.
 * `presence` [R, N - 1] is 1 for slots that hold an object; absent ones send no messages.
 */
export function predictInteraction(
  config: InteractionConfig,
  { latentSize, measuredSize, velocitySize = 0 }: PredictorSizes,
  parameters: Tensors,
  latent: Tensor,
  action: Tensor,
  presence?: Tensor,
): Tensor {
  const [rows, slots] = latent.shape as [number, number, number];
  const count = slots - 1;
  const turned = measuredSize - velocitySize > placeSize;
  const first = tf.slice(latent, [0, 0, 0], [rows, 1, latentSize]);
  const { at, velocity, moved } = drivePusher(parameters, first, action, measuredSize, velocitySize);
  if (count === 0) return moved;

  const objects = tf.slice(latent, [0, 1, 0], [rows, count, latentSize]);
  const inOrder = [placeSize, turned ? momentSize : 0, velocitySize, latentSize - measuredSize];
  const parts = tf.split(
    objects,
    inOrder.filter((size) => size > 0),
    2,
  );
  const [place, moments, what] = [parts[0]!, turned ? parts[1]! : null, parts.at(-1)!];
  const axes = config.axes === 'pusher' ? axesAlong(tf.sub(at, place)) : tableAxes;
  const away = axes.points(tf.sub(at, place));
  // Contact is decided within a tenth of the table: the squashed copy resolves the near and ignores the far.
  const near = tf.tanh(tf.mul(away, nearness));
  const toEach = (pushers: Tensor): Tensor => axes.points(tf.tile(pushers, [1, count, 1]));
  const told = [
    ...[
      what,
      axes.points(place),
      ...(moments === null ? [] : [axes.moments(moments)]),
      away,
      near,
      toEach(tf.expandDims(action, 1)),
    ],
    ...(velocity === null ? [] : [toEach(velocity)]),
  ];
  let state = settle(linear(parameters, 'predictor.in', tf.concat([...told, ...axes.directions], 2)));
  for (const name of residualNames(config)) state = tf.add(state, settle(linear(parameters, name, state)));
  const heard = hears(config) ? [hear(parameters, tf.concat([state, objects], 2), presence)] : [];
  state = tf.add(state, settle(linear(parameters, 'predictor.update', tf.concat([state, ...heard], 2))));

  const head = mlp(parameters, 'predictor.head', state, { activation: 'silu' });
  const [shift, change, opening, turn] = tf.split(
    head,
    headSizes(latentSize, measuredSize, velocitySize),
    2,
  ) as Tensor[];
  const { gate = true } = config;
  const gated = (proposed: Tensor): Tensor => (gate ? tf.mul(tf.sigmoid(opening!), proposed) : proposed);
  const next = [tf.add(place, axes.back(gated(shift!)))];
  if (moments !== null) {
    const angle = gated(turn!);
    next.push(turnMoments(moments, tf.cos(angle), tf.sin(angle)));
  }
  if (velocity !== null) next.push(parts.at(-2)!);
  next.push(normalise(tf.add(what, gated(change!))));
  return tf.concat([moved, tf.concat(next, 2)], 1);
}

/** In 1 / units of place. */
const nearness = 2.5;

/** A shift, a change of what is learned, a gate and, where there are moments, the angle by which they turn. */
function headSizes(latentSize: number, measuredSize: number, velocitySize: number): number[] {
  return [placeSize, latentSize - measuredSize, 1, ...(measuredSize - velocitySize > placeSize ? [1] : [])];
}

/** Where the pusher is, [R, 1, 2], how fast, where that is told, and its latent after the action, [R, 1, D]. */
function drivePusher(
  parameters: Tensors,
  pusher: Tensor,
  action: Tensor,
  measuredSize: number,
  velocitySize: number,
): { readonly at: Tensor; readonly velocity: Tensor | null; readonly moved: Tensor } {
  const [rows, , latentSize] = pusher.shape as [number, number, number];
  const drive = (...state: readonly Tensor[]): Tensor => {
    const driven = tf.concat([...state.map((part) => tf.reshape(part, [rows, -1])), action], 1);
    return tf.expandDims(mlp(parameters, 'predictor.pusher', driven, { activation: 'silu' }), 1);
  };
  // What the pusher is does not change.
  if (velocitySize === 0) {
    const [at, kept] = tf.split(pusher, [placeSize, latentSize - placeSize], 2) as [Tensor, Tensor];
    return { at, velocity: null, moved: tf.concat([tf.add(at, drive(at)), kept], 2) };
  }
  const moments = measuredSize - velocitySize - placeSize;
  const inOrder = [placeSize, moments, velocitySize, latentSize - measuredSize];
  const parts = tf.split(
    pusher,
    inOrder.filter((size) => size > 0),
    2,
  );
  const [at, velocity] = [parts[0]!, parts.at(-2)!];
  const [shift, change] = tf.split(drive(at, velocity), [placeSize, velocitySize], 2) as [Tensor, Tensor];
  const kept = moments > 0 ? [parts[1]!] : [];
  const moved = tf.concat([tf.add(at, shift), ...kept, tf.add(velocity, change), parts.at(-1)!], 2);
  return { at, velocity, moved };
}

function residualNames({ residualLayers = 1 }: InteractionConfig): string[] {
  return Array.from({ length: residualLayers }, (_, i) => `predictor.residual${i === 0 ? '' : i + 1}`);
}

/** The axes that things are told in: points and moments to them, shifts back to the table's. */
interface Axes {
  points(onTable: Tensor): Tensor;
  moments(onTable: Tensor): Tensor;
  back(points: Tensor): Tensor;
  /** What an object is told of the axes themselves, so that it knows where the walls are. */
  readonly directions: readonly Tensor[];
}

const same = (x: Tensor): Tensor => x;
const tableAxes: Axes = { points: same, moments: same, back: same, directions: [] };

/** Axes whose first runs along `line` [R, N, 2]. */
function axesAlong(line: Tensor): Axes {
  const length = tf.sqrt(tf.add(tf.sum(tf.square(line), 2, true), leastSquare));
  const directions = tf.div(line, length);
  const [cos, sin] = tf.split(directions, 2, 2) as [Tensor, Tensor];
  return {
    points: (onTable) => turnPoints(onTable, cos, tf.neg(sin)),
    moments: (onTable) => turnMoments(onTable, cos, tf.neg(sin)),
    back: (points) => turnPoints(points, cos, sin),
    directions: [directions],
  };
}

/** Keeps the slope of a length finite where there is none. */
const leastSquare = 1e-6;

function hears({ messages = true }: InteractionConfig): boolean {
  return messages;
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

import { activation } from '../../engine/nn/activation.ts';
import { linear, linearOfFirst, linearSpecs } from '../../engine/nn/linear.ts';
import { messageSum, messageSumSpecs } from '../../engine/nn/message-sum.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type InteractionConfig, momentSize, placeSize } from '../config.ts';
import { type Turned, turn, turnBack } from '../turning.ts';
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
  const [first, rest] = (count === 0 ? [latent] : tf.split(latent, [1, count], 1)) as [Tensor, Tensor?];
  const { at, velocity, moved } = drivePusher(parameters, first, action, measuredSize, velocitySize);
  if (rest === undefined) return moved;

  // From here on a row is an object: matrix products want two axes.
  const objects = tf.reshape(rest, [rows * count, latentSize]);
  const toEach = (pusher: Tensor): Tensor => repeatRows(pusher, count);
  const inOrder = [placeSize, turned ? momentSize : 0, velocitySize, latentSize - measuredSize];
  const parts = tf.split(
    objects,
    inOrder.filter((size) => size > 0),
    1,
  );
  const [place, moments, what] = [parts[0]!, turned ? parts[1]! : null, parts.at(-1)!];
  const apart = tf.sub(toEach(at), place);
  const axes = config.axes === 'pusher' ? axesAlong(apart) : tableAxes;
  const lie = [place, ...(moments === null ? [] : [moments]), apart];
  const driven = [toEach(action), ...(velocity === null ? [] : [toEach(velocity)])];
  const [lies, away, drives] = tf.split(
    axes.tell(tf.concat([...lie, ...driven], 1), [
      'point',
      ...(moments === null ? [] : ['moments' as const]),
      'point',
      ...driven.map(() => 'point' as const),
    ]),
    [placeSize + (moments === null ? 0 : momentSize), placeSize, placeSize * driven.length],
    1,
  ) as [Tensor, Tensor, Tensor];
  // Contact is decided within a tenth of the table: the squashed copy resolves the near and ignores the far.
  const near = tf.tanh(tf.mul(away, nearness));
  const told = [what, lies, away, near, drives, ...axes.directions];
  let state = settle(linear(parameters, 'predictor.in', tf.concat(told, 1)));
  for (const name of residualNames(config)) state = tf.add(state, settle(linear(parameters, name, state)));
  const heard = hears(config) && count > 1 ? [hear(parameters, tf.concat([state, objects], 1), count, presence)] : [];
  // The only object hears nothing: there are no messages to take in.
  state = tf.add(state, settle(linearOfFirst(parameters, 'predictor.update', tf.concat([state, ...heard], 1))));

  const head = mlp(parameters, 'predictor.head', state, { activation: 'silu' });
  const [shift, change, opening, angle] = tf.split(head, headSizes(latentSize, measuredSize, velocitySize), 1) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor?,
  ];
  const gate = config.gate === false ? null : tf.sigmoid(opening);
  const gated = (proposed: Tensor): Tensor => (gate === null ? proposed : tf.mul(gate, proposed));
  const measured = [tf.add(place, axes.back(gated(shift)))];
  if (moments !== null) {
    const turning = gated(angle!);
    const direction = tf.concat([tf.cos(turning), tf.sin(turning)], 1);
    measured.push(turn(moments, direction, ['moments']));
  }
  if (velocity !== null) measured.push(parts.at(-2)!);
  const asSlots = (x: Tensor): Tensor => tf.reshape(x, [rows, count, x.shape[1]!]);
  // Of three axes, a sum and its normalisation are one operator to ONNX Runtime.
  const renewed = normalise(tf.add(asSlots(what), asSlots(gated(change))));
  // Joined as the next step parts them: then the compiler does neither.
  const next = asSlots(tf.concat([...measured, tf.reshape(renewed, what.shape as [number, number])], 1));
  return tf.concat([moved, next], 1);
}

/** [R, X] -> [R N, X], each row N times. */
function repeatRows(rows: Tensor, times: number): Tensor {
  const [count, width] = rows.shape as [number, number];
  if (times === 1) return rows;
  return tf.reshape(tf.tile(tf.expandDims(rows, 1), [1, times, 1]), [count * times, width]);
}

/** In 1 / units of place. */
const nearness = 2.5;

/** A shift, a change of what is learned, a gate and, where there are moments, the angle by which they turn. */
function headSizes(latentSize: number, measuredSize: number, velocitySize: number): number[] {
  return [placeSize, latentSize - measuredSize, 1, ...(measuredSize - velocitySize > placeSize ? [1] : [])];
}

/** Where the pusher is, [R, 2], how fast, where that is told, and its latent after the action, [R, 1, D]. */
function drivePusher(
  parameters: Tensors,
  pusher: Tensor,
  action: Tensor,
  measuredSize: number,
  velocitySize: number,
): { readonly at: Tensor; readonly velocity: Tensor | null; readonly moved: Tensor } {
  const [rows, , latentSize] = pusher.shape as [number, number, number];
  const drive = (...state: readonly Tensor[]): Tensor =>
    mlp(parameters, 'predictor.pusher', tf.concat([...state, action], 1), { activation: 'silu' });
  const asSlot = (...parts: readonly Tensor[]): Tensor => tf.reshape(tf.concat([...parts], 1), [rows, 1, latentSize]);
  const own = tf.reshape(pusher, [rows, latentSize]);
  // What the pusher is does not change.
  if (velocitySize === 0) {
    const [at, kept] = tf.split(own, [placeSize, latentSize - placeSize], 1) as [Tensor, Tensor];
    return { at, velocity: null, moved: asSlot(tf.add(at, drive(at)), kept) };
  }
  const moments = measuredSize - velocitySize - placeSize;
  const inOrder = [placeSize, moments, velocitySize, latentSize - measuredSize];
  const parts = tf.split(
    own,
    inOrder.filter((size) => size > 0),
    1,
  );
  const [at, velocity] = [parts[0]!, parts.at(-2)!];
  const [shift, change] = tf.split(drive(at, velocity), [placeSize, velocitySize], 1) as [Tensor, Tensor];
  const kept = moments > 0 ? [parts[1]!] : [];
  const moved = asSlot(tf.add(at, shift), ...kept, tf.add(velocity, change), parts.at(-1)!);
  return { at, velocity, moved };
}

function residualNames({ residualLayers = 1 }: InteractionConfig): string[] {
  return Array.from({ length: residualLayers }, (_, i) => `predictor.residual${i === 0 ? '' : i + 1}`);
}

/** The axes that things are told in: rows [R, ...] to them, shifts [R, 2] back to the table's. */
interface Axes {
  tell(onTable: Tensor, row: Turned): Tensor;
  back(shifts: Tensor): Tensor;
  /** What an object is told of the axes themselves, so that it knows where the walls are. */
  readonly directions: readonly Tensor[];
}

const same = (x: Tensor): Tensor => x;
const tableAxes: Axes = { tell: same, back: same, directions: [] };

/** Axes whose first runs along `line` [R, 2]. */
function axesAlong(line: Tensor): Axes {
  const length = tf.sqrt(tf.add(tf.sum(tf.square(line), 1, true), leastSquare));
  const direction = tf.div(line, length);
  return {
    tell: (onTable, row) => turnBack(onTable, direction, row),
    back: (shifts) => turn(shifts, direction, ['point']),
    directions: [direction],
  };
}

/** Keeps the slope of a length finite where there is none. */
const leastSquare = 1e-6;

function hears({ messages = true }: InteractionConfig): boolean {
  return messages;
}

/** What each of several objects hears from the others, [R N, X] -> [R N, messageWidth]. */
function hear(parameters: Tensors, described: Tensor, count: number, presence: Tensor | undefined): Tensor {
  const [all, size] = described.shape as [number, number];
  const rows = all / count;
  const slots = tf.reshape(described, [rows, count, size]);
  return tf.reshape(messageSum(parameters, 'predictor.messages', slots, presence ?? tf.ones([rows, count])), [all, -1]);
}

/** SiLU of the normalised features. */
function settle(x: Tensor): Tensor {
  return activation('silu', normalise(x));
}

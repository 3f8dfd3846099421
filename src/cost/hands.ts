import type { Rollout } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { handRadius, slowest, speedSlope } from '../core/moving-hand.ts';
import type { GuardrailSpec, Point } from '../core/task.ts';
import type { TensorSpec, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { lengthOf } from './length-of.ts';
import { validSteps } from './step-weights.ts';
import type { CostShape } from './term.ts';

/** Where a hand is expected to be. It goes its own way, so no plan changes this. */
export interface HandForecast {
  readonly name: string;
  /** [H + 1], table widths; the first is where it is seen now. */
  readonly places: readonly Point[];
  /** [H + 1] How far from there it may be all the same, table widths. */
  readonly doubts: readonly number[];
}

type HandGuardrail = Extract<GuardrailSpec, { kind: 'moving-hand' }>;

export function handGuardrails(guardrails: readonly GuardrailSpec[]): readonly HandGuardrail[] {
  return guardrails.filter((each) => each.kind === 'moving-hand');
}

/** Shapes of the inputs, without the batch axis; none where no guardrail is about hands: G of them. */
export function handInputs(
  guardrails: readonly GuardrailSpec[],
  { entities, horizon }: Pick<CostShape, 'entities' | 'horizon'>,
): Record<string, TensorSpec> {
  const count = handGuardrails(guardrails).length;
  if (count === 0) return {};
  return {
    handPlaces: { shape: [horizon + 1, 2 * count] },
    handGaps: { shape: [horizon + 1, entities.length, count] },
    handSlopes: { shape: [count] },
    handTouch: { shape: [entities.length] },
  };
}

export interface HandBinding {
  readonly shape: Pick<CostShape, 'entities' | 'horizon'>;
  /** Of each entity, table widths. */
  readonly radii: readonly number[];
  /** What is added to an entity's distance for the error of prediction. */
  readonly marginOf: (slot: number, step: number) => number;
  readonly stepsLeft: number;
  /** So low a clearance that nothing is ever too near. */
  readonly never: number;
  readonly forecasts: readonly HandForecast[];
}

/**
 * One episode's values of the inputs:
 * - `handPlaces` [H + 1, 2 G], where each guardrail's hand is expected;
 * - `handGaps` [H + 1, N, G], the least distance of an entity's centre from that: both radii, the distance that the
 *   guardrail asks for, the error of prediction and the doubt about the hand;
 * - `handSlopes` [G], how fast the longest allowed action grows with the distance;
 * - `handTouch` [N], how near the pusher's centre is to an entity's where they touch.
 *
 * @throws RunError where a guardrail is about a hand that nothing is foretold of
 */
export function bindHands(guardrails: readonly GuardrailSpec[], binding: HandBinding): Record<string, Float32Array> {
  const rails = handGuardrails(guardrails);
  if (rails.length === 0) return {};
  const { shape, radii, marginOf, stepsLeft, never, forecasts } = binding;
  const { entities, horizon } = shape;
  const places = new Float32Array((horizon + 1) * 2 * rails.length);
  const gaps = new Float32Array((horizon + 1) * entities.length * rails.length).fill(never);
  for (const [g, { hand, distance }] of rails.entries()) {
    const forecast = forecasts.find(({ name }) => name === hand);
    if (forecast === undefined) throw new RunError(`a guardrail is about the hand '${hand}', and nobody looks for it`);
    for (let t = 0; t <= horizon; t++) places.set(forecast.places[t]!, 2 * (t * rails.length + g));
    for (let t = 1; t <= validSteps(horizon, stepsLeft); t++)
      for (const slot of entities.keys())
        gaps[(t * entities.length + slot) * rails.length + g] =
          radii[slot]! + handRadius + distance + marginOf(slot, 0) + forecast.doubts[t]!;
  }
  return {
    handPlaces: places,
    handGaps: gaps,
    handSlopes: Float32Array.from(rails, speedSlope),
    handTouch: Float32Array.from(radii, (radius) => radii[0]! + radius + touchRoom),
  };
}

/** What must go further than this in a step, table widths, to count as moved: less is the error of prediction. */
const stirring = 0.01;

/** How far the pusher must go towards an object that it touches to press on it, table widths; and room for error. */
const pressing = 0.0015;
const touchRoom = 0.01;

/**
 * By how much entities come nearer to hands than they may, positive where they do: [B, S, X] each. `near` is about
 * places alone, `fast` about how far away the pusher would have to be for its speed.
 *
 * The pusher always counts, an object in steps in which it is moved (see `isMoved`): a hand may pass over what lies still. The action
 * of a step counts at its beginning, its middle and its end.
 *
 * @param margin [B, S, H, N], what is added for the error of prediction beyond what is bound
 */
export function evaluateHands(
  rollout: Rollout<Tensor>,
  given: Tensors,
  margin: Tensor,
): { readonly near: Tensor; readonly fast: Tensor } {
  const positions = rollout.positions!;
  const [batch, samples, times] = positions.shape as [number, number, number];
  const steps = times - 1;
  const rails = given.handSlopes!.shape[1]!;
  const hands = tf.reshape(given.handPlaces!, [batch, 1, times, 1, rails, 2]);
  const apart = lengthOf(tf.sub(tf.expandDims(positions, 4), hands));
  const at = (from: number) => tf.slice(apart, [0, 0, from, 0, 0], [-1, -1, steps, -1, -1]);
  const midway = (tensor: Tensor): Tensor => {
    const part = (from: number) => {
      const begin = tensor.shape.map((_, axis) => (axis === 2 ? from : 0));
      return tf.slice(
        tensor,
        begin,
        tensor.shape.map((_, axis) => (axis === 2 ? steps : -1)),
      );
    };
    return tf.mul(tf.add(part(0), part(1)), 0.5);
  };
  const halfWay = lengthOf(tf.sub(tf.expandDims(midway(positions), 4), midway(hands)));
  const asked = tf.expandDims(tf.slice(given.handGaps!, [0, 1, 0, 0], [-1, steps, -1, -1]), 1);
  const needed = tf.add(asked, tf.expandDims(margin, 4));
  const coming = tf.minimum(halfWay, at(1));
  const counts = isMoved(positions, given.handTouch!);
  // What doesn't count is as if far away.
  const away = tf.mul(tf.sub(1, counts), 1e6);
  const lack = tf.sub(tf.sub(needed, coming), tf.expandDims(away, 4));

  const ofPusher = (tensor: Tensor) => tf.squeeze(tf.slice(tensor, [0, 0, 0, 0, 0], [-1, -1, -1, 1, -1]), [3]);
  const excess = tf.sub(lengthOf(rollout.actions), slowest);
  const slopes = tf.reshape(given.handSlopes!, [batch, 1, 1, rails]);
  const further = tf.div(tf.expandDims(tf.relu(excess), 3), slopes);
  const nearest = ofPusher(tf.minimum(at(0), coming));
  const tooFast = tf.mul(tf.sub(tf.add(ofPusher(needed), further), nearest), tf.expandDims(tf.step(excess), 3));
  return {
    near: tf.reshape(lack, [batch, samples, -1]),
    fast: tf.reshape(tooFast, [batch, samples, -1]),
  };
}

/**
 * Whether each entity's place counts in each step, as 1 or 0, [B, S, H, N]: the pusher's always; an object's where it
 * is predicted to move, or the pusher to press on it, since small motions are lost in the error of prediction.
 *
 * @param touch [B, N], how near the pusher's centre is where it touches
 */
function isMoved(positions: Tensor, touch: Tensor): Tensor {
  const [batch, , times, count] = positions.shape as [number, number, number, number, number];
  const part = (from: number, slots: number) => tf.slice(positions, [0, 0, from, 0, 0], [-1, -1, times - 1, slots, -1]);
  const [before, after] = [part(0, count), part(1, count)];
  const [pusherBefore, pusherAfter] = [part(0, 1), part(1, 1)];
  const moves = tf.step(tf.sub(lengthOf(tf.sub(after, before)), stirring));
  const way = tf.sub(before, pusherBefore);
  const advance = tf.div(tf.sum(tf.mul(tf.sub(pusherAfter, pusherBefore), way), -1), lengthOf(way));
  const reach = tf.sub(tf.reshape(touch, [batch, 1, 1, count]), lengthOf(tf.sub(before, pusherAfter)));
  const presses = tf.mul(tf.step(tf.sub(advance, pressing)), tf.step(reach));
  const isPusher = tf.tensor1d(Array.from({ length: count }, (_, slot) => (slot === 0 ? 1 : 0)));
  return tf.maximum(tf.maximum(moves, presses), isPusher);
}

import type { Rollout } from '../core/contracts.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { hinge, l2 } from './norms.ts';
import { positionOf, type TermView } from './term.ts';

export interface Approach {
  /** Within this distance between the centres of pusher and object, table widths, the approach costs nothing. */
  readonly reach: number;
  /** Cost of each table width beyond it. */
  readonly share: number;
}

/** Strong, for objects that are to go somewhere: a push straight on begins where the pusher meets them. */
export const strongApproach: Approach = { reach: 0.1, share: 0.8 };
/** For objects that are to be turned: the pusher must be free to go round them to the side that turns them. */
export const gentleApproach: Approach = { reach: 0.13, share: 0.1 };

/**
 * What draws the pusher to an object that is not where it should be, [B, S]: without it, plans that never touch
 * the object all cost the same. share x mean_t w_t max(0, |pusher - object| - reach) [residual_t > 0], w the ramp; only
 * for the episode's focus object, since the pusher can't be drawn to several at once. Where the straight way to it is
 * closed, the distance is that to a way-point and on from there. `residual` [B, S, H + 1].
 */
export function approachCost(
  residual: Tensor,
  slot: number,
  { rollout, steps, focus, via }: TermView,
  { reach, share }: Approach,
): Tensor {
  const straight = distanceToPusher(rollout, slot);
  const away = hinge(via === null ? straight : distanceBy(via, rollout, straight), reach);
  // Step has a gradient (zero) where a comparison has none.
  const unfinished = tf.mul(away, tf.step(residual));
  const summed = tf.sum(tf.mul(unfinished, steps.ramp), 2);
  return tf.mul(tf.mul(summed, share), tf.slice(focus!, [0, slot], [-1, 1]));
}

/** Numbers of a way-point: whether there is one (1 or 0), x, y, and the way from there on, table widths. */
export const viaSize = 4;

/** `straight` [B, S, H + 1], or by the way-point where `via` [B, 4] has one. */
function distanceBy(via: Tensor, rollout: Rollout<Tensor>, straight: Tensor): Tensor {
  const part = (from: number, size: number) => tf.reshape(tf.slice(via, [0, from], [-1, size]), [-1, 1, 1, size]);
  const isGiven = tf.squeeze(part(0, 1), [3]);
  const there = l2(tf.sub(positionOf(rollout, 0), part(1, 2)));
  const around = tf.add(there, tf.squeeze(part(3, 1), [3]));
  return tf.add(tf.mul(around, isGiven), tf.mul(straight, tf.sub(1, isGiven)));
}

function distanceToPusher(rollout: Rollout<Tensor>, slot: number): Tensor {
  return l2(tf.sub(positionOf(rollout, 0), positionOf(rollout, slot)));
}

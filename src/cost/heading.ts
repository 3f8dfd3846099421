import type { Rollout } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { type Tensor, tf } from '../engine/tf.ts';

/** A heading as world models read it: cos a, sin a, cos 2a, sin 2a. */
export const headingSize = 4;
export type Heading = readonly [number, number, number, number];

/** How far from an object's centre, in table widths, half of what a turn is worth in distance swings. */
const lever = 0.2;

export function encodeHeading(angle: number): Heading {
  return [Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)];
}

/**
 * What a turn by `angle` is worth, table widths: 0.2 / n |sin(n angle / 2)| for a shape that looks the same n times
 * within a full turn, so 0.1 for each radian of a small turn, whatever n.
 */
export function swing(angle: number, turns: number): number {
  return (lever / turns) * Math.abs(Math.sin((turns * angle) / 2));
}

/** The angle of a probed heading, which need not be of unit length: one of the `turns` at which the shape looks the same. */
export function angleOf(heading: Heading, turns: number): number {
  const [x, y] = turns === 2 ? [heading[2], heading[3]] : [heading[0], heading[1]];
  return Math.atan2(y, x) / turns;
}

/** The swing between a probed heading and an angle. */
export function swingFrom(heading: Heading, angle: number, turns: number): number {
  return swing(angleOf(heading, turns) - angle, turns);
}

/** What a turn term is fed: the wanted heading; which of the two angles counts, and for how much. */
export function bindTurn(angle: number, turns: number): { heading: Float32Array; levers: Float32Array } {
  const squared = (lever / turns) ** 2;
  return {
    heading: Float32Array.from(encodeHeading(angle)),
    levers: Float32Array.of(turns === 1 ? squared : 0, turns === 2 ? squared : 0),
  };
}

/** Shapes of what `bindTurn` gives. */
export const turnInputs = { heading: [headingSize], levers: [2] } as const;

/**
 * The squared swing of one slot at every imagined step, [B, S, H + 1], by `heading` [B, 4] and `levers` [B, 2]:
 * sum over n = 1, 2 of (0.2 / n)^2 (1 - cos n delta) / 2, of which one is fed. A probed heading counts by its
 * direction alone; one that says nothing (zero) is taken for a quarter of the turn after which the shape looks the same.
 *
 * @throws RunError where the model has no probe of headings
 */
export function squaredSwing(rollout: Rollout<Tensor>, slot: number, heading: Tensor, levers: Tensor): Tensor {
  const probed = headingOf(rollout, slot);
  const wanted = tf.reshape(heading, [-1, 1, 1, headingSize]);
  const [once, twice] = [0, 1].map((n) => {
    const part = (of: Tensor) => tf.slice(of, [0, 0, 0, 2 * n], [-1, -1, -1, 2]);
    const length = tf.sqrt(tf.add(tf.sum(tf.square(part(probed)), -1), 1e-6));
    const cosine = tf.div(tf.sum(tf.mul(part(probed), part(wanted)), -1), length);
    const weight = tf.reshape(tf.slice(levers, [0, n], [-1, 1]), [-1, 1, 1]);
    // Rounding may take the cosine above 1.
    return tf.mul(weight, tf.mul(tf.relu(tf.sub(1, cosine)), 0.5));
  }) as [Tensor, Tensor];
  return tf.add(once, twice);
}

/** 0 for finite headings of a slot, NaN for others, [B, S]: see `nanUnlessFinite`. */
export function headingGuard(rollout: Rollout<Tensor>, slot: number): Tensor {
  return tf.mul(tf.sum(headingOf(rollout, slot), [2, 3]), 0);
}

/** Headings of one slot over the imagined steps, [B, S, H + 1, 4]. */
export function headingOf({ headings }: Rollout<Tensor>, slot: number): Tensor {
  if (headings === null)
    throw new RunError('the objective names headings, and this world model has no heading probe to read them');
  return tf.squeeze(tf.slice(headings, [0, 0, 0, slot, 0], [-1, -1, -1, 1, -1]), [3]);
}

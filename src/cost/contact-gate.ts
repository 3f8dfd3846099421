import { type Tensor, tf } from '../engine/tf.ts';

export interface ContactGateOptions {
  /** Distance between the centres of pusher and object within which contact is believed, table widths. */
  readonly radius: number;
  /** Width of the change from belief to disbelief, table widths. @defaultValue 0.015 */
  readonly softness?: number;
}

/**
 * Counts predicted object motion only where the pusher is predicted to touch: a cure for planning into motion that
 * a weak model hallucinates. Positions [B, S, H + 1, N, 2], the pusher in slot 0 -> the same shape, the pusher as it
 * was, every object moved from where it stands now by the gated parts of its predicted steps:
 * o'_(t+1) = o'_t + sigmoid((radius - d_t) / softness) (o_(t+1) - o_t), with d_t the distance from o'_t to the
 * pusher's way from step t to t + 1 (its segment).
 */
export function gateObjectMotion(positions: Tensor, { radius, softness = 0.015 }: ContactGateOptions): Tensor {
  const [, , times, entities] = positions.shape as [number, number, number, number, number];
  if (entities === 1) return positions;
  const step = (t: number, from: number, count: number) =>
    tf.squeeze(tf.slice(positions, [0, 0, t, from, 0], [-1, -1, 1, count, -1]), [2]);
  const pushers = Array.from({ length: times }, (_, t) => step(t, 0, 1));
  const objects = Array.from({ length: times }, (_, t) => step(t, 1, entities - 1));
  const gated = [objects[0]!];
  for (let t = 0; t + 1 < times; t++) {
    const here = gated[t]!;
    const distance = distanceToSegment(here, pushers[t]!, pushers[t + 1]!);
    const gate = tf.sigmoid(tf.div(tf.sub(radius, distance), softness));
    gated.push(tf.add(here, tf.mul(gate, tf.sub(objects[t + 1]!, objects[t]!))));
  }
  return tf.concat([tf.slice(positions, [0, 0, 0, 0, 0], [-1, -1, -1, 1, -1]), tf.stack(gated, 2)], 3);
}

/** Distance from points [..., M, 2] to the segment between `from` and `to` [..., 1, 2], as [..., M, 1]. */
function distanceToSegment(points: Tensor, from: Tensor, to: Tensor): Tensor {
  const tiny = 1e-12;
  const along = tf.sub(to, from);
  const offset = tf.sub(points, from);
  const dot = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b), -1, true);
  const share = tf.div(dot(offset, along), tf.add(dot(along, along), tiny));
  const clamped = tf.minimum(tf.relu(share), 1);
  const gap = tf.sub(offset, tf.mul(clamped, along));
  return tf.sqrt(tf.add(dot(gap, gap), tiny));
}

import { detach } from '../../engine/detach.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { LossResult } from '../../engine/training-step.ts';
import { remainingSteps, stepScale } from './critic.ts';

/** Pairs of a latent and a goal, with what is tried from the latent. B pairs, C actions each. */
export interface CriticBatch {
  /** [B, D] both. */
  readonly latent: Tensor;
  readonly goal: Tensor;
  /** [B] Predictor steps in which play came from the one to the other; `neverSeen` where it did not. */
  readonly seen: Tensor;
  /** [B, C, A] */
  readonly actions: Tensor;
}

/** Stands for no known number of steps: more than any critic is asked for. */
export const neverSeen = 1e3;

/**
 * Temporal-difference learning of the shortest time to a goal, on imagined transitions:
 *
 *     d(z, g) <- min(seen, 1 + min over actions of d'(f(z, a), g)),
 *
 * d' a slowly following copy, f the world model; squared error. Play seldom takes the shortest way, so what was seen
 * is an upper bound only; the world model joins up what no trajectory went through. Value iteration with a hindsight
 * bound (Andrychowicz et al., 2017; Eysenbach et al., 2019).
 *
 * @param predict [R, D] x [R, A] -> [R, D]
 */
export function criticLoss(
  parameters: Tensors,
  teacher: Tensors,
  predict: (latent: Tensor, action: Tensor) => Tensor,
  { latent, goal, seen, actions }: CriticBatch,
): LossResult {
  const [batch, size] = latent.shape as [number, number];
  const [, tried, width] = actions.shape as [number, number, number];
  const each = (x: Tensor): Tensor => tf.reshape(tf.tile(tf.expandDims(x, 1), [1, tried, 1]), [batch * tried, size]);
  const next = predict(each(latent), tf.reshape(actions, [batch * tried, width]));
  const ahead = tf.reshape(remainingSteps(teacher, next, each(goal)), [batch, tried]);
  const wanted = detach(tf.minimum(seen, tf.add(tf.min(ahead, 1), 1)));
  const told = remainingSteps(parameters, latent, goal);
  return {
    loss: tf.mean(tf.square(tf.div(tf.sub(told, wanted), stepScale))),
    metrics: { told: tf.mean(told), wanted: tf.mean(wanted), error: tf.mean(tf.abs(tf.sub(told, wanted))) },
  };
}

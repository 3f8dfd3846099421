import { tf } from '../../engine/tf.ts';
import type { ObjectiveConfig } from './config.ts';
import { noNoise, type Objective } from './objective.ts';
import { rolloutError } from './rollout.ts';

/**
 * A slow teacher (BYOL: Grill et al., 2020; V-JEPA: Bardes et al., 2024): the rollout must meet what the running
 * average of the encoder makes of later frames,
 *
 *     mean_k |imagined_k - teacher(frame_k)|^2 / D,   teacher <- decay teacher + (1 - decay) parameters
 *
 * with no gradient into the teacher. The dynamics predictor stands where BYOL has its predictor; latents are
 * layer-normalised, so the squared error is BYOL's of unit vectors up to a factor. Nothing in the loss forbids
 * collapse, constant latents are its minimum; it relies on a predictor that learns faster than the teacher moves. On
 * its own it keeps some spread and drops what moves; with inverse dynamics it keeps that too.
 */
export function createEmaTeacher({ decay }: Extract<ObjectiveConfig, { name: 'ema-teacher' }>): Objective {
  return {
    teacherDecay: decay,
    noise: noNoise,
    loss({ encoded, imagined, teacher, presence }) {
      if (teacher === null) throw new TypeError("the objective 'ema-teacher' needs the teacher's latents");
      return {
        loss: rolloutError(imagined, teacher, presence),
        metrics: { teacherGap: tf.mean(tf.squaredDifference(encoded, teacher)) },
      };
    },
  };
}

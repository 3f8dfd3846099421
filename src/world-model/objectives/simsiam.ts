import { detach } from '../../engine/detach.ts';
import { noNoise, type Objective } from './objective.ts';
import { rolloutError } from './rollout.ts';

/**
 * Stop-gradient with a predictor (SimSiam: Chen and He, 2021): the rollout must meet the encoded later frames, which
 * are taken as given,
 *
 *     mean_k |imagined_k - detach(encoded_k)|^2 / D
 *
 * The dynamics predictor stands where SimSiam has its predictor: a head of its own would part imagined from encoded
 * latents, which planning compares. Targets are not pulled towards their prediction; still nothing pushes latents
 * apart.
 */
export function createSimsiam(): Objective {
  return {
    teacherDecay: null,
    noise: noNoise,
    loss: ({ encoded, imagined, presence }) => ({
      loss: rolloutError(imagined, detach(encoded), presence),
      metrics: {},
    }),
  };
}

import { tf } from '../../engine/tf.ts';
import { sum } from '../losses/steps.ts';
import { varianceCovariance } from '../losses/variance-covariance.ts';
import type { ObjectiveConfig } from './config.ts';
import { noNoise, type Objective } from './objective.ts';
import { toRows } from './presence.ts';
import { rolloutError } from './rollout.ts';

/**
 * VICReg (Bardes, Ponce and LeCun, 2022; in JEPA world models: PLDM, Sobal et al., 2025):
 *
 *     rollout + a mean_d max(0, 1 - std_d) + c mean_{d != e} cov_de^2
 *
 * over all encoded frames [B T N, D], gradient through the rollout's targets too. Each dimension must vary over the
 * batch, and no two alike. It can't tell what varies: a batch of many scenes satisfies it with what tells the scenes
 * apart, and nothing of what moves in them (static collapse; Sobal et al., 2022, found JEPAs to focus on slow
 * features so).
 */
export function createVicreg({ variance: a, covariance: c }: Extract<ObjectiveConfig, { name: 'vicreg' }>): Objective {
  return {
    teacherDecay: null,
    noise: noNoise,
    loss({ encoded, imagined, presence }) {
      const { rows, weights } = toRows(encoded, presence);
      const { variance, covariance } = varianceCovariance(rows, weights);
      const rollout = rolloutError(imagined, encoded, presence);
      return {
        loss: sum([rollout, tf.mul(variance, a), tf.mul(covariance, c)]),
        metrics: { variance, covariance },
      };
    },
  };
}

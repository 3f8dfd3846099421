import { noNoise, type Objective } from './objective.ts';
import { rolloutError } from './rollout.ts';

/**
 * The rollout's error with gradient through its targets, and nothing against collapse: the control that shows what
 * the other objectives, and the auxiliaries, prevent.
 */
export function createPredictionOnly(): Objective {
  return {
    teacherDecay: null,
    noise: noNoise,
    loss: ({ encoded, imagined, presence }) => ({ loss: rolloutError(imagined, encoded, presence), metrics: {} }),
  };
}

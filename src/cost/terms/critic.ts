import { RunError, UsageError } from '../../core/errors.ts';
import { tf } from '../../engine/tf.ts';
import { pickStep, reduceSteps } from '../step-weights.ts';
import type { TermFactory } from '../term.ts';

/**
 * Predictor steps that a learned critic says are left from imagined latents to the encoded goal picture, less
 * `tolerance`: within a step or two of the goal the latent distance tells more. Terminal (`last`) unless the task says
 * 'ramp'.
 */
export const createCriticTerm: TermFactory<'critic'> = (spec, { latentShape }) => {
  const { steps = 'last', tolerance = 1 } = spec;
  return {
    structure: `critic ${steps}`,
    inputs: { goal: latentShape, tolerance: [1] },
    subject: null,
    evaluate({ rollout, inputs, steps: weights }) {
      if (rollout.remaining === undefined) {
        throw new RunError(
          "the objective has a critic term, and this world model has no critic: train one with 'node dist/scripts/train-critic.js', or use a goal-image term",
        );
      }
      const goal = tf.reshape(inputs.goal!, [-1, 1, 1, ...latentShape]);
      const asked = steps === 'last' ? pickStep(rollout.latents, weights) : rollout.latents;
      const left = tf.relu(tf.sub(rollout.remaining(asked, goal), tf.expandDims(inputs.tolerance!, 2)));
      return steps === 'last' ? tf.squeeze(left, [2]) : reduceSteps(left, weights, steps);
    },
    bind({ instruction, goalLatent }) {
      if (goalLatent === null)
        throw new UsageError(`task '${instruction.taskId}' has a critic term, and the episode shows no goal picture`);
      return { goal: goalLatent, tolerance: Float32Array.of(tolerance) };
    },
  };
};

import { UsageError } from '../../core/errors.ts';
import { tf } from '../../engine/tf.ts';
import { reduceSteps } from '../step-weights.ts';
import type { TermFactory } from '../term.ts';

/**
 * Mean squared difference between imagined latents and the encoded goal picture, over slots and dimensions; at
 * the last step unless the task says 'ramp': a sum over steps punishes the detours that some goals need.
 */
export const createGoalImageTerm: TermFactory<'goal-image'> = ({ steps = 'last' }, { latentShape }) => ({
  structure: `goal-image ${steps}`,
  inputs: { goal: latentShape },
  subject: null,
  evaluate({ rollout, inputs, steps: weights }) {
    const goal = tf.reshape(inputs.goal!, [-1, 1, 1, ...latentShape]);
    const error = tf.mean(tf.square(tf.sub(rollout.latents, goal)), [3, 4]);
    return reduceSteps(error, weights, steps);
  },
  bind({ instruction, goalLatent }) {
    if (goalLatent === null)
      throw new UsageError(`task '${instruction.taskId}' has a goal-image term, and the episode shows no goal picture`);
    return { goal: goalLatent };
  },
});

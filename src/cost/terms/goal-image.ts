import type { Instruction } from '../../core/contracts.ts';
import { RunError, UsageError } from '../../core/errors.ts';
import { tf } from '../../engine/tf.ts';
import { pickStep, reduceSteps } from '../step-weights.ts';
import type { Term, TermFactory } from '../term.ts';

/**
 * Mean squared difference between imagined latents and the encoded goal picture, over slots and dimensions; at
 * the last step unless the task says 'ramp': a sum over steps punishes the detours that some goals need. By pixels it is
 * that between what the model draws of the latents and the picture itself.
 */
export const createGoalImageTerm: TermFactory<'goal-image'> = ({ steps = 'last', by = 'latents' }, shape) => {
  if (by === 'pixels') return pixelTerm(steps, shape.pictureShape);
  if (by !== 'latents') throw readByAgents(by);
  const { latentShape } = shape;
  return {
    structure: `goal-image ${steps}`,
    inputs: { goal: latentShape },
    subject: null,
    evaluate({ rollout, inputs, steps: weights }) {
      const goal = tf.reshape(inputs.goal!, [-1, 1, 1, ...latentShape]);
      const error = tf.mean(tf.square(tf.sub(rollout.latents, goal)), [3, 4]);
      return reduceSteps(error, weights, steps);
    },
    bind({ instruction, goalLatent }) {
      if (goalLatent === null) throw noPicture(instruction);
      return { goal: goalLatent };
    },
  };
};

/** Of a model that never draws, its shape being unknown, it may be spoken of and not evaluated. */
function pixelTerm(steps: 'last' | 'ramp', pictureShape?: readonly [number, number, number]): Term {
  return {
    structure: `goal-image by pixels ${steps}`,
    inputs: { goal: pictureShape ?? [] },
    subject: null,
    evaluate({ rollout, inputs, steps: weights }) {
      const { latents, draw } = rollout;
      if (draw === undefined || pictureShape === undefined) throw drawsNothing();
      const drawn = steps === 'last' ? pickStep(latents, weights) : latents;
      const goal = tf.reshape(inputs.goal!, [-1, 1, 1, ...pictureShape]);
      const error = tf.mean(tf.square(tf.sub(draw(drawn), goal)), [3, 4, 5]);
      return steps === 'last' ? tf.squeeze(error, [2]) : reduceSteps(error, weights, steps);
    },
    bind({ instruction, goalPicture }) {
      if (pictureShape === undefined) throw drawsNothing();
      if (goalPicture === undefined) throw noPicture(instruction);
      return { goal: goalPicture };
    },
  };
}

function noPicture({ taskId }: Pick<Instruction, 'taskId'>): UsageError {
  return new UsageError(`task '${taskId}' has a goal-image term, and the episode shows no goal picture`);
}

function readByAgents(by: string): UsageError {
  return new UsageError(
    `a goal-image term by ${by} is written out by the agent that sees the picture: there is no cost of it`,
  );
}

function drawsNothing(): RunError {
  return new RunError(
    "the objective compares pixels with the goal's picture, and this world model draws nothing: use a generative one",
  );
}

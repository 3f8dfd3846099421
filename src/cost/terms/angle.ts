import { tf } from '../../engine/tf.ts';
import { approachCost, gentleApproach } from '../approach.ts';
import { bindTurn, headingGuard, squaredSwing, swing, swingFrom, turnInputs } from '../heading.ts';
import { hinge, rootOf } from '../norms.ts';
import { reduceSteps } from '../step-weights.ts';
import { slotOf, type TermFactory } from '../term.ts';

/** Radians. */
const defaultAngleTolerance = 0.1;

/**
 * Angle between a probed heading and a given one, as a length: h = max(0, s - what s is at the tolerance), s the swing
 * (see `swing`), reduced over the steps ('ramp' unless the task says 'last'); plus a gentle approach.
 */
export const createAngleTerm: TermFactory<'angle'> = (spec, shape) => {
  const { of, to, turns, tolerance = defaultAngleTolerance, steps = 'ramp' } = spec;
  const slot = slotOf(of, shape);
  const free = swing(Math.min(tolerance, Math.PI / turns), turns);
  return {
    structure: `angle slot ${slot} ${steps}`,
    inputs: { tolerance: [1], ...turnInputs },
    subject: {
      slot,
      residualAt: ({ heading }) => (heading === null ? 0 : Math.max(0, swingFrom(heading, to, turns) - free)),
    },
    evaluate(view) {
      const { rollout, inputs } = view;
      const swung = rootOf(squaredSwing(rollout, slot, inputs.heading!, inputs.levers!));
      const residual = hinge(swung, tf.reshape(inputs.tolerance!, [-1, 1, 1]));
      const cost = tf.add(reduceSteps(residual, view.steps, steps), approachCost(residual, slot, view, gentleApproach));
      return tf.add(cost, headingGuard(rollout, slot));
    },
    bind: () => ({ tolerance: Float32Array.of(free), ...bindTurn(to, turns) }),
  };
};

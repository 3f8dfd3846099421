import { tf } from '../../engine/tf.ts';
import { approachCost, gentleApproach } from '../approach.ts';
import { defaultTolerance } from '../default-tolerance.ts';
import { bindTurn, headingGuard, squaredSwing, swingFrom, turnInputs } from '../heading.ts';
import { hinge, quadratic, rootOf } from '../norms.ts';
import { resolvePoint } from '../resolve-point.ts';
import { reduceSteps } from '../step-weights.ts';
import { positionOf, slotOf, type TermFactory } from '../term.ts';

/**
 * Distance between a probed pose and a target's, less a tolerance: h = max(0, sqrt(d^2 + s^2) - tolerance), d between
 * the positions, s the swing between the headings (see `swing`), reduced over the steps ('ramp' unless the task says
 * 'last'); plus a gentle approach, since turning an object takes going round it.
 */
export const createPoseTerm: TermFactory<'pose'> = (spec, shape) => {
  const { of, to, angle, turns, tolerance = defaultTolerance, steps = 'ramp' } = spec;
  const slot = slotOf(of, shape);
  return {
    structure: `pose slot ${slot} ${steps}`,
    inputs: { target: [2], tolerance: [1], ...turnInputs },
    subject: {
      slot,
      residualAt({ position: [x, y], heading }, { targets }) {
        const [targetX, targetY] = resolvePoint(to, targets);
        const swing = heading === null ? 0 : swingFrom(heading, angle, turns);
        return Math.max(0, Math.hypot(x - targetX, y - targetY, swing) - tolerance);
      },
    },
    evaluate(view) {
      const { rollout, inputs } = view;
      const target = tf.reshape(inputs.target!, [-1, 1, 1, 2]);
      const squares = tf.add(
        quadratic(tf.sub(positionOf(rollout, slot), target)),
        squaredSwing(rollout, slot, inputs.heading!, inputs.levers!),
      );
      const residual = hinge(rootOf(squares), tf.reshape(inputs.tolerance!, [-1, 1, 1]));
      const cost = tf.add(reduceSteps(residual, view.steps, steps), approachCost(residual, slot, view, gentleApproach));
      return tf.add(cost, headingGuard(rollout, slot));
    },
    bind: ({ instruction }) => ({
      target: Float32Array.from(resolvePoint(to, instruction.targets)),
      tolerance: Float32Array.of(tolerance),
      ...bindTurn(angle, turns),
    }),
  };
};

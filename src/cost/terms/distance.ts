import { tf } from '../../engine/tf.ts';
import { approachCost, strongApproach } from '../approach.ts';
import { defaultTolerance } from '../default-tolerance.ts';
import { hinge, l2 } from '../norms.ts';
import { resolvePoint } from '../resolve-point.ts';
import { reduceSteps } from '../step-weights.ts';
import { positionOf, slotOf, type TermFactory } from '../term.ts';

/**
 * Distance between a probed position and a point, less a tolerance: h = max(0, |p - target| - tolerance), reduced
 * over the steps ('ramp' unless the task says 'last'); for an object, plus its approach.
 */
export const createDistanceTerm: TermFactory<'distance'> = (spec, shape) => {
  const { of, to, tolerance = defaultTolerance, steps = 'ramp' } = spec;
  const slot = slotOf(of, shape);
  const isObject = slot > 0;
  return {
    structure: `distance slot ${slot} ${steps}`,
    inputs: { target: [2], tolerance: [1] },
    subject: {
      slot,
      residualAt({ position: [x, y] }, { targets }) {
        const [targetX, targetY] = resolvePoint(to, targets);
        return Math.max(0, Math.hypot(x - targetX, y - targetY) - tolerance);
      },
    },
    evaluate(view) {
      const target = tf.reshape(view.inputs.target!, [-1, 1, 1, 2]);
      const distance = l2(tf.sub(positionOf(view.rollout, slot), target));
      const residual = hinge(distance, tf.reshape(view.inputs.tolerance!, [-1, 1, 1]));
      const cost = reduceSteps(residual, view.steps, steps);
      return isObject ? tf.add(cost, approachCost(residual, slot, view, strongApproach)) : cost;
    },
    bind: ({ instruction }) => ({
      target: Float32Array.from(resolvePoint(to, instruction.targets)),
      tolerance: Float32Array.of(tolerance),
    }),
  };
};

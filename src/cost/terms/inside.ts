import { tf } from '../../engine/tf.ts';
import { approachCost, strongApproach } from '../approach.ts';
import { hinge } from '../norms.ts';
import { encodeRegion, innerRadius, regionSize, signedDistance, signedDistanceAt } from '../region.ts';
import { reduceSteps } from '../step-weights.ts';
import { positionOf, slotOf, type TermFactory } from '../term.ts';

/** How far inside the edge the cost ends, table widths, so that a probe's error does not leave the object outside. */
const inset = 0.02;

/**
 * How far a probed position is outside a region, or less than an inset within it (at most half of the region's
 * depth): max(0, signed distance + inset), reduced over the steps; for an object, plus its approach.
 */
export const createInsideTerm: TermFactory<'inside'> = ({ object, region, steps = 'ramp' }, shape) => {
  const slot = slotOf(object, shape);
  const isObject = slot > 0;
  const { horizon } = shape;
  const margin = Math.min(inset, innerRadius(region) / 2);
  return {
    structure: `inside slot ${slot} ${steps}`,
    inputs: { region: [regionSize], inset: [1] },
    subject: { slot, residualAt: ({ position }) => Math.max(0, signedDistanceAt(position, region) + margin) },
    evaluate(view) {
      const positions = positionOf(view.rollout, slot);
      const [batch, samples] = positions.shape as [number, number];
      const points = tf.reshape(positions, [batch, samples * (horizon + 1), 2]);
      const distance = signedDistance(points, tf.expandDims(view.inputs.region!, 1));
      const outside = hinge(tf.add(distance, tf.reshape(view.inputs.inset!, [batch, 1, 1])));
      const residual = tf.reshape(outside, [batch, samples, horizon + 1]);
      const cost = reduceSteps(residual, view.steps, steps);
      return isObject ? tf.add(cost, approachCost(residual, slot, view, strongApproach)) : cost;
    },
    bind: () => ({
      region: Float32Array.from(encodeRegion(region)),
      inset: Float32Array.of(margin),
    }),
  };
};

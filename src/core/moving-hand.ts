/**
 * What simulator and agent have to agree on about hands: things that move over the table by themselves.
 */

/** A hand is a disc of this radius, table widths. */
export const handRadius = 0.05;

/** Table widths a control step. The pusher gets out of the way of such a hand even where it has to be slow. */
export const fastestHand = 0.04;

/** The longest action right beside a hand, in units of the action space: 0.6 x 0.08 table widths are more than that. */
export const slowest = 0.6;

/** Distances of a `moving-hand` guardrail, table widths, from border to border. */
export interface HandDistances {
  readonly distance: number;
  readonly slowWithin: number;
}

/** By how much the longest allowed action grows with each table width further from the hand. */
export function speedSlope({ distance, slowWithin }: HandDistances): number {
  return (Math.SQRT2 - slowest) / Math.max(slowWithin - distance, 1e-6);
}

/**
 * The longest action, in units of the action space, that a `moving-hand` guardrail allows at a gap of so many table
 * widths between the borders of pusher and hand: 0.6 up to `distance`, from there in proportion up to what the action
 * space has at most, sqrt 2, at `slowWithin`.
 */
export function speedNear(gap: number, distances: HandDistances): number {
  const more = speedSlope(distances) * Math.max(0, gap - distances.distance);
  return Math.min(Math.SQRT2, slowest + more);
}

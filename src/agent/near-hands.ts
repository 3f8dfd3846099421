import { handRadius, speedNear } from '../core/moving-hand.ts';
import type { GuardrailSpec, Point } from '../core/task.ts';
import { type HandForecast, handGuardrails } from '../cost/hands.ts';

export interface NearHands {
  readonly guardrails: readonly GuardrailSpec[];
  readonly hands: readonly HandForecast[];
  /** The pusher's place now and after the step, table widths. */
  readonly way: readonly [Point, Point];
  /** The pusher's, table widths. */
  readonly radius: number;
}

/**
 * The longest action that hands allow in this step, in units of the action space: by the nearest that pusher and hand
 * come, as far as can be told, at its beginning and its end. Infinite where no guardrail is about a hand.
 */
export function longestNearHands({ guardrails, hands, way, radius }: NearHands): number {
  const limits = handGuardrails(guardrails).map((rail) => {
    const { places, doubts } = hands.find(({ name }) => name === rail.hand)!;
    const gaps = way.map(([x, y], step) => {
      const [handX, handY] = places[step]!;
      return Math.hypot(x - handX, y - handY) - radius - handRadius - doubts[step]!;
    });
    return speedNear(Math.min(...gaps), rail);
  });
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}

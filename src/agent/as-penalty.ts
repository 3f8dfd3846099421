import type { CompiledCost } from '../cost/compile-cost.ts';
import { tf } from '../engine/tf.ts';

/**
 * A cost in which broken guardrails are but expensive: no candidate is infeasible, and a term that is large enough
 * buys a violation. This is what a weighted sum does; it exists to be measured against.
 *
 * @param weight cost of each table width of violation, at each step
 */
export function asPenalty(cost: CompiledCost, weight: number): CompiledCost {
  return {
    ...cost,
    signature: `${cost.signature}/penalty ${weight}`,
    evaluate(rollout, inputs) {
      const scores = cost.evaluate(rollout, inputs);
      return { cost: tf.add(scores.cost, tf.mul(scores.violation, weight)), violation: tf.mul(scores.violation, 0) };
    },
  };
}

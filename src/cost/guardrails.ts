import type { Rollout } from '../core/contracts.ts';
import { RunError, unknownName } from '../core/errors.ts';
import type { GuardrailSpec } from '../core/task.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { encodeRegion, regionSize, signedDistance } from './region.ts';
import { validSteps } from './step-weights.ts';
import type { CostShape } from './term.ts';

/** Distance added to a guardrail for the error of prediction: one number, or one for each step ahead [H + 1]. */
export type Margin = number | readonly number[];

export interface Clearances {
  /** Table widths. */
  readonly margins: { readonly pusher: Margin; readonly objects: Margin };
  /** Of each entity in slot order, table widths: the circle around its centre that holds all of it. */
  readonly radii: readonly number[];
  /** @defaultValue `defaultCaution` */
  readonly caution?: Caution;
}

/**
 * A soft edge around zones and their margins. Plans that graze a margin become infeasible by the next frame's
 * error, and then the search has to find a way out instead of a way on; a cost on nearness keeps them off it.
 */
export interface Caution {
  /** Beyond the margin, table widths. */
  readonly distance: number;
  /** Cost of each table width nearer than that, at each step. 0 turns it off. */
  readonly weight: number;
}

/**
 * On disc pushing round a zone, known dynamics, an error of 0.01 in every perceived coordinate and a margin of 0.02
 * (120 episodes, `test/planner/caution.long.ts`): 3 violating episodes, 16 without; 108 and 111 successes.
 */
export const defaultCaution: Caution = { distance: 0.04, weight: 1 };

/** So low a clearance that nothing is ever too near. */
const never = -1e6;

/**
 * One episode's guardrails: `zones` [Z, 5] and `clearances` [H + 1, N, Z], the least signed distance that an
 * entity's centre must keep from a zone at a step: radius + margin where the guardrail is about the entity and the
 * step is within the episode.
 */
export function bindGuardrails(
  guardrails: readonly GuardrailSpec[],
  shape: Pick<CostShape, 'entities' | 'horizon'>,
  { margins, radii }: Clearances,
  stepsLeft: number,
): { zones: Float32Array; clearances: Float32Array } {
  const { entities, horizon } = shape;
  const count = guardrails.length;
  const zones = new Float32Array(count * regionSize);
  const clearances = new Float32Array((horizon + 1) * entities.length * count).fill(never);
  for (const [z, guardrail] of guardrails.entries()) {
    zones.set(encodeRegion(guardrail.region), z * regionSize);
    for (const slot of slotsOf(guardrail.who, entities)) {
      for (let t = 1; t <= validSteps(horizon, stepsLeft); t++) {
        const margin = marginAt(slot === 0 ? margins.pusher : margins.objects, t);
        clearances[(t * entities.length + slot) * count + z] = radii[slot]! + margin;
      }
    }
  }
  return { zones, clearances };
}

function slotsOf(who: string, entities: readonly string[]): readonly number[] {
  // By place, not by name: whatever a scene calls its things, the pusher is slot 0.
  if (who === 'pusher') return [0];
  if (who === 'objects') return entities.map((_, slot) => slot).slice(1);
  const slot = entities.indexOf(who);
  if (slot < 0) throw unknownName('guarded entity', who, [...entities, 'objects']);
  return [slot];
}

function marginAt(margin: Margin, step: number): number {
  return typeof margin === 'number' ? margin : margin[Math.min(step, margin.length - 1)]!;
}

/** What guardrails say of imagined futures, [B, S] each. */
export interface GuardrailVerdict {
  /**
   * By how much entities come nearer to zones than they may, summed over steps, entities and zones; 0 exactly where
   * no guardrail is broken.
   */
  readonly violation: Tensor;
  /** The same for zones that are wider by the caution distance: a cost, not a constraint. */
  readonly nearness: Tensor;
}

/**
 * Judges rollouts by `zones` [B, Z, 5] and `clearances` [B, H + 1, N, Z].
 *
 * A step counts by the worse of its end and its middle: the simulator judges the whole way, and a step that cuts
 * through a zone's corner may end outside of it.
 */
export function evaluateGuardrails(
  { positions }: Rollout<Tensor>,
  zones: Tensor,
  clearances: Tensor,
  cautionDistance: number,
): GuardrailVerdict {
  if (positions === null)
    throw new RunError('guardrails need positions, and this world model has no position probe to read them');
  const [batch, samples, times, entities] = positions.shape as [number, number, number, number, number];
  const steps = times - 1;
  const pairs = entities * zones.shape[1]!;
  const distanceAt = (points: Tensor): Tensor => {
    const flat = tf.reshape(points, [batch, samples * steps * entities, 2]);
    return tf.reshape(signedDistance(flat, zones), [batch, samples, steps, pairs]);
  };
  const from = tf.slice(positions, [0, 0, 0, 0, 0], [-1, -1, steps, -1, -1]);
  const to = tf.slice(positions, [0, 0, 1, 0, 0], [-1, -1, steps, -1, -1]);
  const middle = tf.mul(tf.add(from, to), 0.5);
  const nearest = tf.minimum(distanceAt(to), distanceAt(middle));
  const needed = tf.reshape(tf.slice(clearances, [0, 1, 0, 0], [-1, steps, -1, -1]), [batch, 1, steps, pairs]);
  const lacking = tf.sub(needed, nearest);
  return {
    violation: tf.sum(tf.relu(lacking), [2, 3]),
    nearness: tf.sum(tf.relu(tf.add(lacking, cautionDistance)), [2, 3]),
  };
}

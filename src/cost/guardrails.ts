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
}

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

/**
 * Predicted violation [B, S]: by how much entities come nearer to zones than they may, summed over steps, entities
 * and zones; 0 exactly where no guardrail is broken. `zones` [B, Z, 5], `clearances` [B, H + 1, N, Z].
 *
 * A step counts by the worse of its end and its middle: the simulator judges the whole way, and a step that cuts
 * through a zone's corner may end outside of it.
 */
export function evaluateGuardrails({ positions }: Rollout<Tensor>, zones: Tensor, clearances: Tensor): Tensor {
  if (positions === null)
    throw new RunError('guardrails need positions, and this world model has no position probe to read them');
  const [batch, samples, times, entities] = positions.shape as [number, number, number, number, number];
  const count = zones.shape[1]!;
  const intrusionAt = (points: Tensor, needed: Tensor): Tensor => {
    const steps = points.shape[2]!;
    const flat = tf.reshape(points, [batch, samples * steps * entities, 2]);
    const distance = tf.reshape(signedDistance(flat, zones), [batch, samples, steps, entities * count]);
    return tf.relu(tf.sub(needed, distance));
  };
  const from = tf.slice(positions, [0, 0, 0, 0, 0], [-1, -1, times - 1, -1, -1]);
  const to = tf.slice(positions, [0, 0, 1, 0, 0], [-1, -1, times - 1, -1, -1]);
  const middle = tf.mul(tf.add(from, to), 0.5);
  const needed = tf.reshape(tf.slice(clearances, [0, 1, 0, 0], [-1, times - 1, -1, -1]), [
    batch,
    1,
    times - 1,
    entities * count,
  ]);
  return tf.sum(tf.maximum(intrusionAt(to, needed), intrusionAt(middle, needed)), [2, 3]);
}

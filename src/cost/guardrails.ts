import type { Rollout } from '../core/contracts.ts';
import { RunError, unknownName } from '../core/errors.ts';
import type { GuardrailSpec } from '../core/task.ts';
import type { TensorSpec, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { bindHands, evaluateHands, type HandForecast, handGuardrails, handInputs } from './hands.ts';
import type { Leeway } from './leeway.ts';
import { lengthOf } from './length-of.ts';
import { encodeRegion, regionSize, signedDistance } from './region.ts';
import { validSteps } from './step-weights.ts';
import type { CostShape } from './term.ts';

/** Distance added to a guardrail for the error of prediction: one number, or one for each step ahead [H + 1]. */
export type Margin = number | readonly number[];

export interface Clearances {
  /** Table widths. */
  readonly margins: {
    readonly pusher: Margin;
    readonly objects: Margin;
    /**
     * How much of the disagreement of an ensemble's heads (see `Rollout`) is added, step by step and plan by plan.
     * @defaultValue 0
     */
    readonly perDisagreement?: number;
  };
  /** Of each entity in slot order, table widths: the circle around its centre that holds all of it. */
  readonly radii: readonly number[];
  /** @defaultValue `defaultCaution` */
  readonly caution?: Caution;
}

/**
 * A soft edge around what must be kept clear of. Plans that graze a margin become infeasible by the next frame's
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
 * (120 episodes, `test/planner/caution.long.ts`), a weight of 1 had 3 violating episodes, none 16; 108 and 111
 * successes. But over eight steps a weight of 1 outweighs every objective, and the agent stopped short of goals beside
 * zones; 0.4 leaves the edge to be gone into where the goal is there.
 */
export const defaultCaution: Caution = { distance: 0.04, weight: 0.4 };

/** So low a clearance that nothing is ever too near. */
const never = -1e6;

/**
 * How far an entity must be predicted to go, in table widths, before all of a step's margin counts: what is foretold
 * to rest is where it is seen to be, up to the error of seeing.
 */
const settled = 0.02;

/** The whole table, which things stay on. */
const table = encodeRegion({ x: [0, 1], y: [0, 1] });

/** An episode's guardrails over positions, in the order that their inputs have. */
interface Rails {
  /** Places to stay out of, or inside of: Z of them. */
  readonly zones: readonly Extract<GuardrailSpec, { kind: 'keep-out' | 'stay-on-table' }>[];
  /** Slots of the fragile objects: F of them. */
  readonly fragile: readonly number[];
}

function sort(guardrails: readonly GuardrailSpec[], { entities }: Pick<CostShape, 'entities'>): Rails {
  const zones = guardrails.filter((each) => each.kind === 'keep-out' || each.kind === 'stay-on-table');
  const fragile = guardrails.flatMap((each) => {
    if (each.kind !== 'fragile') return [];
    // By place, not by name: whatever a scene calls its things, the pusher is slot 0.
    const slot = entities.indexOf(each.object, 1);
    if (slot < 0) throw unknownName('fragile object', each.object, entities.slice(1));
    return [slot];
  });
  return { zones, fragile };
}

/** All that the graph of guardrails depends on, but for shapes. Speed is not among it: planners never exceed it. */
export function guardrailStructure(
  guardrails: readonly GuardrailSpec[],
  shape: Pick<CostShape, 'entities'>,
): { readonly zones: number; readonly fragile: readonly number[]; readonly hands: number } {
  const { zones, fragile } = sort(guardrails, shape);
  return { zones: zones.length, fragile, hands: handGuardrails(guardrails).length };
}

/** Shapes of the inputs, without the batch axis; none where no guardrail is about positions. */
export function guardrailInputs(
  guardrails: readonly GuardrailSpec[],
  { entities, horizon }: Pick<CostShape, 'entities' | 'horizon'>,
): Record<string, TensorSpec> {
  const { zones, fragile } = sort(guardrails, { entities });
  const steps = horizon + 1;
  const count = entities.length;
  const inputs: Record<string, TensorSpec> = {};
  if (zones.length > 0) {
    inputs.zones = { shape: [zones.length, regionSize] };
    inputs.sides = { shape: [zones.length] };
    inputs.clearances = { shape: [steps, count, zones.length] };
  }
  if (fragile.length > 0) inputs.gaps = { shape: [steps, count, fragile.length] };
  Object.assign(inputs, handInputs(guardrails, { entities, horizon }));
  if (Object.keys(inputs).length > 0)
    Object.assign(inputs, { margins: { shape: [steps, count] }, reach: { shape: [1] } });
  return inputs;
}

/**
 * One episode's values of the inputs, of what applies within the episode:
 * - `zones` [Z, 5] and `sides` [Z], 1 for staying out and -1 for staying in;
 * - `clearances` [H + 1, N, Z], the least distance of an entity's centre from a zone: its radius where it must stay
 *   out, the guardrail's margin where it must stay in, and the error of seeing;
 * - `gaps` [H + 1, N, F], the same from the centre of a fragile object; for that itself, minus how far it may go;
 * - `margins` [H + 1, N], what is added for the error of prediction, step by step;
 * - `reach` [1], how near to the table's edge the pusher's centre can come;
 * - those of `bindHands`.
 */
export function bindGuardrails(
  guardrails: readonly GuardrailSpec[],
  shape: Pick<CostShape, 'entities' | 'horizon'>,
  { margins, radii }: Clearances,
  stepsLeft: number,
  forecasts: readonly HandForecast[],
  leeway: Leeway = () => Number.POSITIVE_INFINITY,
): Record<string, Float32Array> {
  const { entities, horizon } = shape;
  const { zones, fragile } = sort(guardrails, shape);
  const fragileRails = guardrails.filter(({ kind }) => kind === 'fragile');
  const count = entities.length;
  const marginOf = (slot: number, step: number): number =>
    marginAt(slot === 0 ? margins.pusher : margins.objects, step);
  const slots = entities.map((_, slot) => slot);
  const clearances = new Float32Array((horizon + 1) * count * zones.length).fill(never);
  const gaps = new Float32Array((horizon + 1) * count * fragile.length).fill(never);
  const growth = new Float32Array((horizon + 1) * count);
  for (let t = 1; t <= validSteps(horizon, stepsLeft); t++) {
    for (const slot of slots) growth[t * count + slot] = Math.max(0, marginOf(slot, t) - marginOf(slot, 0));
    for (const [z, zone] of zones.entries())
      for (const slot of slotsOf(zone.who, entities))
        clearances[(t * count + slot) * zones.length + z] = Math.min(
          (zone.kind === 'keep-out' ? radii[slot]! : zone.margin) + marginOf(slot, 0),
          leeway(zone, slot),
        );
    for (const [f, own] of fragile.entries())
      for (const slot of slots) {
        const asked = radii[slot]! + radii[own]! + marginOf(slot, 0) + marginOf(own, 0);
        gaps[(t * count + slot) * fragile.length + f] =
          slot === own ? -settled : Math.min(asked, leeway(fragileRails[f]!, slot));
      }
  }
  const values: Record<string, Float32Array> = {
    zones: Float32Array.from(zones.flatMap((zone) => (zone.kind === 'keep-out' ? encodeRegion(zone.region) : table))),
    sides: Float32Array.from(zones, ({ kind }) => (kind === 'keep-out' ? 1 : -1)),
    clearances,
    gaps,
    margins: growth,
    reach: Float32Array.of(radii[0]!),
    ...bindHands(guardrails, { shape, radii, marginOf, stepsLeft, never, forecasts }),
  };
  return Object.fromEntries(Object.keys(guardrailInputs(guardrails, shape)).map((name) => [name, values[name]!]));
}

function slotsOf(who: string, entities: readonly string[]): readonly number[] {
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
   * By how much entities come nearer to what they must keep clear of than they may, summed over steps, entities and
   * guardrails; 0 exactly where no guardrail is broken.
   */
  readonly violation: Tensor;
  /** The same for clearances that are wider by the caution distance: a cost, not a constraint. */
  readonly nearness: Tensor;
}

export interface GuardrailSettings {
  /** Slots of the fragile objects. */
  readonly fragile: readonly number[];
  /** Table widths. */
  readonly cautionDistance: number;
  /** See `Clearances`. */
  readonly perDisagreement?: number | undefined;
}

/**
 * Judges rollouts by the inputs that `bindGuardrails` fills, with a leading B.
 *
 * A step counts by the worse of its end and its middle: the simulator judges the whole way, and a step that cuts
 * through a zone's corner may end outside of it.
 */
export function evaluateGuardrails(
  rollout: Rollout<Tensor>,
  given: Tensors,
  { fragile, cautionDistance, perDisagreement = 0 }: GuardrailSettings,
): GuardrailVerdict {
  const { disagreement } = rollout;
  if (rollout.positions === null)
    throw new RunError('guardrails need positions, and this world model has no position probe to read them');
  const positions = withPusherInside(rollout.positions, given.reach!);
  const [batch, samples, times, count] = positions.shape as [number, number, number, number, number];
  const steps = times - 1;
  const from = tf.slice(positions, [0, 0, 0, 0, 0], [-1, -1, steps, -1, -1]);
  const to = tf.slice(positions, [0, 0, 1, 0, 0], [-1, -1, steps, -1, -1]);
  const looks = [to, tf.mul(tf.add(from, to), 0.5)];
  const moved = lengthOf(tf.sub(to, tf.slice(positions, [0, 0, 0, 0, 0], [-1, -1, 1, -1, -1])));
  const growth = tf.reshape(tf.slice(given.margins!, [0, 1, 0], [-1, steps, -1]), [batch, 1, steps, count]);
  const grown = tf.mul(growth, tf.minimum(tf.div(moved, settled), 1));
  const margin =
    disagreement === undefined || perDisagreement === 0
      ? grown
      : tf.add(grown, tf.mul(tf.slice(disagreement, [0, 0, 1, 0], [-1, -1, steps, -1]), perDisagreement));
  /** Of [B, H + 1, N, X] the steps ahead, as [B, 1, H, N, X]. */
  const ahead = (clearances: Tensor): Tensor =>
    tf.expandDims(tf.slice(clearances, [0, 1, 0, 0], [-1, steps, -1, -1]), 1);

  const lacks: Tensor[] = [];
  /** How much further fragile things go than to nowhere: not a matter of nearness. */
  const stirs: Tensor[] = [];
  if (given.zones !== undefined) {
    const zoneCount = given.zones.shape[1]!;
    const sides = tf.reshape(given.sides!, [batch, 1, 1, 1, zoneCount]);
    const distances = looks.map((points) => {
      const flat = tf.reshape(points, [batch, samples * steps * count, 2]);
      const signed = tf.reshape(signedDistance(flat, given.zones!), [batch, samples, steps, count, zoneCount]);
      return tf.mul(signed, sides);
    });
    const needed = tf.add(ahead(given.clearances!), tf.expandDims(margin, 4));
    lacks.push(tf.reshape(tf.sub(needed, tf.minimum(...(distances as [Tensor, Tensor]))), [batch, samples, -1]));
  }
  for (const [f, own] of fragile.entries()) {
    const ofOwn = (tensor: Tensor): Tensor => {
      const [begin, size] = [tensor.shape.map(() => 0), tensor.shape.map(() => -1)];
      begin[3] = own;
      size[3] = 1;
      return tf.slice(tensor, begin, size);
    };
    const distances = looks.map((points) => lengthOf(tf.sub(points, ofOwn(points))));
    const apart = tf.sub(tf.minimum(...(distances as [Tensor, Tensor])), tf.add(margin, ofOwn(margin)));
    const needed = tf.squeeze(tf.slice(ahead(given.gaps!), [0, 0, 0, 0, f], [-1, -1, -1, -1, 1]), [4]);
    const isOther = tf.tensor1d(Array.from({ length: count }, (_, slot) => (slot === own ? 0 : 1)));
    lacks.push(
      tf.reshape(tf.sub(tf.mul(tf.sub(needed, apart), isOther), tf.mul(tf.sub(1, isOther), -never)), [
        batch,
        samples,
        -1,
      ]),
    );
    stirs.push(tf.reshape(tf.add(ofOwn(moved), ofOwn(needed)), [batch, samples, -1]));
  }
  /** Too fast for where it is: not a matter of nearness either. */
  const haste: Tensor[] = [];
  if (given.handPlaces !== undefined) {
    const { near, fast } = evaluateHands({ ...rollout, positions }, given, margin);
    lacks.push(near);
    haste.push(fast);
  }
  const lacking = tf.concat(lacks, 2);
  return {
    violation: tf.sum(tf.relu(tf.concat([lacking, ...stirs, ...haste], 2)), 2),
    nearness: tf.sum(tf.relu(tf.add(lacking, cautionDistance)), 2),
  };
}

/**
 * [B, S, T, N, 2], the pusher no further than the table's walls let it. Models imagine ways through them, and a search
 * with nowhere to go finds them: there the pusher would be safe from what comes.
 */
function withPusherInside(positions: Tensor, reach: Tensor): Tensor {
  const [batch, , , count] = positions.shape as [number, number, number, number];
  const [pusher, ...others] = tf.split(positions, count === 1 ? [1] : [1, count - 1], 3) as [Tensor, ...Tensor[]];
  const least = tf.reshape(reach, [batch, 1, 1, 1, 1]);
  return tf.concat([tf.maximum(least, tf.minimum(pusher, tf.sub(1, least))), ...others], 3);
}

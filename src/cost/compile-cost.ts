import type { Instruction, Rollout } from '../core/contracts.ts';
import { RunError, UsageError } from '../core/errors.ts';
import type { GuardrailSpec, Point, TermSpec } from '../core/task.ts';
import type { TensorSpec, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { viaSize } from './approach.ts';
import { createTerm } from './create-term.ts';
import {
  bindGuardrails,
  type Caution,
  type Clearances,
  defaultCaution,
  evaluateGuardrails,
  guardrailInputs,
  guardrailStructure,
} from './guardrails.ts';
import { type HandForecast, handGuardrails } from './hands.ts';
import type { Leeway } from './leeway.ts';
import { bindStepWeights, readStepWeights, stepWeightRows } from './step-weights.ts';
import { type CostShape, objectOf, type Term } from './term.ts';

export interface CompileCostOptions extends CostShape, Clearances {
  readonly objective: readonly TermSpec[];
  /** The task's own. */
  readonly guardrails: readonly GuardrailSpec[];
  /** Those that hold whatever the task says: no instruction reaches them. */
  readonly hardGuardrails: readonly GuardrailSpec[];
}

/** What an episode plans for now. */
export interface CostBinding {
  readonly instruction: Instruction;
  /** [N, D], where the objective needs it. */
  readonly goalLatent: Float32Array | null;
  /** [height, width, C], where the model draws and the objective needs it. */
  readonly goalPicture?: Float32Array;
  /** Predictor steps until the episode ends. */
  readonly stepsLeft: number;
  /** Slot of the object that the pusher is to go for; null: the only one the objective is about, or none. */
  readonly focus: number | null;
  /** Where the hands that guardrails speak of will be. @defaultValue there are none */
  readonly hands?: readonly HandForecast[];
  /** How much room things have where they are. @defaultValue as much as is asked for */
  readonly leeway?: Leeway;
  /** Where the pusher goes first on its way to the focus object. @defaultValue null: straight to it */
  readonly via?: { readonly place: Point; readonly beyond: number } | null;
}

/** An objective and guardrails as one pure tensor function. */
export interface CompiledCost {
  /** Per episode: shapes without the batch axis. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** Costs with equal signatures are the same graph, and differ in what is bound only. */
  readonly signature: string;
  /** `inputs` with a leading B. Traceable: reads no values, static shapes. */
  evaluate(rollout: Rollout<Tensor>, inputs: Tensors): { readonly cost: Tensor; readonly violation: Tensor };
  /** One episode's values of `inputs`. @throws RunError for an instruction of another structure */
  bind(binding: CostBinding): Record<string, Float32Array>;
}

/**
 * Cost = sum of weight x term, plus the caution near zones; violation = by how much the hard-wired guardrails and
 * the task's are predicted to be broken. Targets, regions, weights, tolerances and the steps left are inputs, so that one graph serves
 * every episode of a task and every task of the same structure.
 *
 * @throws UsageError for terms or guardrails that name what is not in the scene
 */
export function compileCost(options: CompileCostOptions): CompiledCost {
  const { objective, guardrails, hardGuardrails, entities, horizon, radii, caution = defaultCaution } = options;
  if (objective.length === 0) throw new UsageError('an objective needs at least one term');
  if (radii.length !== entities.length)
    throw new UsageError(`guardrails need a radius for each of ${entities.length} entities, got ${radii.length}`);
  const terms = objective.map((spec) => createTerm(spec, options));
  const rails = [...hardGuardrails, ...guardrails];
  const { fragile } = guardrailStructure(rails, options);
  const railInputs = guardrailInputs(rails, options);
  const guarded = Object.keys(railInputs).length > 0;
  const hasFocus = terms.some((term) => objectOf(term) !== null);
  // Binding once finds names that are not in the scene now rather than in the first episode.
  const still = {
    places: Array.from({ length: horizon + 1 }, () => [0, 0] as const),
    doubts: new Array(horizon + 1).fill(0),
  };
  bindGuardrails(
    rails,
    options,
    options,
    1,
    handGuardrails(rails).map(({ hand }) => ({ name: hand, ...still })),
  );

  const inputs: Record<string, TensorSpec> = {
    stepWeights: { shape: [stepWeightRows, horizon + 1] },
    termWeights: { shape: [terms.length] },
  };
  if (hasFocus) Object.assign(inputs, { focus: { shape: [entities.length] }, via: { shape: [viaSize] } });
  Object.assign(inputs, railInputs);
  for (const [i, term] of terms.entries())
    for (const [name, shape] of Object.entries(term.inputs)) inputs[inputName(i, name)] = { shape };
  const settings = { caution, perDisagreement: options.margins.perDisagreement ?? 0 };
  const signature = signatureOf(terms, rails, options, settings);

  return {
    inputs,
    signature,
    evaluate(imagined, given) {
      const { rollout, read } = watchPositions(imagined);
      const steps = readStepWeights(given.stepWeights!);
      const values = terms.map((term, i) =>
        term.evaluate({
          rollout,
          inputs: inputsOf(term, i, given),
          steps,
          focus: given.focus ?? null,
          via: given.via ?? null,
        }),
      );
      const weights = tf.expandDims(given.termWeights!, 1);
      const total = tf.sum(tf.mul(tf.stack(values, 2), weights), 2);
      const finite = (): Tensor => nanUnlessFinite(imagined.latents, read() ? imagined.positions : null);
      if (!guarded) {
        const cost = tf.add(total, finite());
        return { cost, violation: tf.mul(cost, 0) };
      }
      const { violation, nearness } = evaluateGuardrails(rollout, given, {
        fragile,
        cautionDistance: caution.distance,
        perDisagreement: settings.perDisagreement,
      });
      const cost = tf.add(total, finite());
      return { cost: tf.add(cost, tf.mul(nearness, caution.weight)), violation };
    },
    bind(binding) {
      const { instruction, stepsLeft } = binding;
      const shape = { ...options, entities: instruction.entities.map(({ name }) => name) };
      const bound = instruction.objective.map((spec) => createTerm(spec, shape));
      const given = [...hardGuardrails, ...instruction.guardrails];
      const found = signatureOf(bound, given, shape, settings);
      if (found !== signature)
        throw new RunError(
          `the cost was compiled for another kind of task than '${instruction.taskId}': ${signature} against ${found}`,
        );
      const feeds: Record<string, Float32Array> = {
        stepWeights: bindStepWeights(horizon, stepsLeft),
        termWeights: Float32Array.from(instruction.objective, ({ weight }) => weight ?? 1),
      };
      if (hasFocus) {
        feeds.focus = bindFocus(bound, binding.focus, entities.length);
        const { via = null } = binding;
        feeds.via = via === null ? new Float32Array(viaSize) : Float32Array.of(1, ...via.place, via.beyond);
      }
      Object.assign(feeds, bindGuardrails(given, shape, options, stepsLeft, binding.hands ?? [], binding.leeway));
      for (const [i, term] of bound.entries())
        for (const [name, value] of Object.entries(term.bind(binding))) feeds[inputName(i, name)] = value;
      return feeds;
    },
  };
}

/** A rollout, and whether anything has read its positions: probing all of them costs more than imagining them. */
function watchPositions(imagined: Rollout<Tensor>): {
  readonly rollout: Rollout<Tensor>;
  readonly read: () => boolean;
} {
  let read = false;
  const rollout = {
    ...imagined,
    get positions() {
      read = true;
      return imagined.positions;
    },
  };
  return { rollout, read: () => read };
}

/**
 * 0 for finite rollouts, NaN for others, [B, S]. A maximum with zero, as in every hinge, may turn NaN into 0,
 * differently on each device; a diverged rollout must not come out as the best.
 */
function nanUnlessFinite(latents: Tensor, positions: Tensor | null): Tensor {
  const sum = tf.sum(latents, [2, 3, 4]);
  return tf.mul(positions === null ? sum : tf.add(sum, tf.sum(positions, [2, 3, 4])), 0);
}

function inputName(term: number, name: string): string {
  return `term${term}_${name}`;
}

function inputsOf(term: Term, index: number, given: Tensors): Tensors {
  return Object.fromEntries(Object.keys(term.inputs).map((name) => [name, given[inputName(index, name)]!]));
}

/** One-hot [N], or all zero. */
function bindFocus(terms: readonly Term[], focus: number | null, count: number): Float32Array {
  const slots = new Set(terms.flatMap((term) => objectOf(term) ?? []));
  const only = slots.size === 1 ? [...slots][0]! : null;
  return Float32Array.from({ length: count }, (_, slot) => (slot === (focus ?? only) ? 1 : 0));
}

function signatureOf(
  terms: readonly Term[],
  guardrails: readonly GuardrailSpec[],
  shape: CostShape,
  settings: { readonly caution: Caution; readonly perDisagreement: number },
): string {
  return JSON.stringify({
    terms: terms.map(({ structure }) => structure),
    guardrails: guardrailStructure(guardrails, shape),
    ...settings,
    entities: shape.entities.length,
    horizon: shape.horizon,
    actionSize: shape.actionSize,
    latentShape: shape.latentShape,
    ...(shape.pictureShape === undefined ? {} : { pictureShape: shape.pictureShape }),
  });
}

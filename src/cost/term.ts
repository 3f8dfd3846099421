import type { Instruction, Rollout } from '../core/contracts.ts';
import { RunError, unknownName } from '../core/errors.ts';
import type { Point, TermSpec } from '../core/task.ts';
import type { Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Heading } from './heading.ts';
import type { StepWeights } from './step-weights.ts';

/** The fixed shapes a cost is compiled for. */
export interface CostShape {
  /** Names in slot order, the pusher first. */
  readonly entities: readonly string[];
  /** H, in predictor steps. */
  readonly horizon: number;
  readonly actionSize: number;
  /** [N, D] of the encoded goal picture. */
  readonly latentShape: readonly [number, number];
  /** [height, width, C] of what the model draws; absent where it never does. */
  readonly pictureShape?: readonly [number, number, number];
}

/** What a term computes from. */
export interface TermView {
  readonly rollout: Rollout<Tensor>;
  /** The term's own inputs, under its own names, with a leading B. */
  readonly inputs: Tensors;
  readonly steps: StepWeights;
  /** [B, N] one-hot: the one object whose terms draw the pusher near; null where no term is about an object. */
  readonly focus: Tensor | null;
  /** [B, 4] The pusher's way-point on its way to that object: see `approachCost`; null where no term is about an object. */
  readonly via: Tensor | null;
}

/** What an episode feeds to a term. */
export interface TermBinding {
  readonly instruction: Instruction;
  /** [N, D] */
  readonly goalLatent: Float32Array | null;
  /** [height, width, C], the goal's picture in the units of what the model draws. Absent where it never does. */
  readonly goalPicture?: Float32Array;
}

/** A term of the objective at fixed shapes. The weight is applied by `compileCost`. */
export interface Term {
  /** All that the graph depends on: terms of equal structure differ in fed values only. */
  readonly structure: string;
  /** Shapes of its inputs, without the batch axis. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** What it is about; null where that is the scene or the motion as a whole. */
  readonly subject: TermSubject | null;
  /** [B, S] */
  evaluate(view: TermView): Tensor;
  /** One episode's values of its inputs. */
  bind(binding: TermBinding): Readonly<Record<string, Float32Array>>;
}

/** An entity that a term wants somewhere. Where it is an object, the pusher has to go to it. */
export interface TermSubject {
  /** 0 is the pusher's. */
  readonly slot: number;
  /** The term's residual with the entity as seen: how far that is from where the term costs nothing, table widths. `all` in slot order. */
  residualAt(seen: Seen, instruction: Pick<Instruction, 'targets'>, all: readonly Seen[]): number;
}

/** An entity as it is probed now. */
export interface Seen {
  /** Table widths. */
  readonly position: Point;
  /** Null where the model does not read headings. */
  readonly heading: Heading | null;
}

export type TermFactory<Kind extends TermSpec['term']> = (
  spec: Extract<TermSpec, { term: Kind }>,
  shape: CostShape,
) => Term;

/** The slot of the object that a term is about; null where it is about none. */
export function objectOf({ subject }: Pick<Term, 'subject'>): number | null {
  return subject === null || subject.slot === 0 ? null : subject.slot;
}

/** A term is done within this of where it costs nothing, table widths: the size of a probe's error. */
const slack = 0.01;

/** Whether what a term is about is where it should be, as seen; true of terms that are about nothing in particular. */
export function isDone(
  { subject }: Pick<Term, 'subject'>,
  seen: readonly Seen[],
  instruction: Pick<Instruction, 'targets'>,
): boolean {
  return subject === null || subject.residualAt(seen[subject.slot]!, instruction, seen) <= slack;
}

/** The slot of an entity. @throws UsageError for a name that is not in the scene */
export function slotOf(name: string, { entities }: Pick<CostShape, 'entities'>): number {
  const slot = entities.indexOf(name);
  if (slot < 0) throw unknownName('entity', name, entities);
  return slot;
}

/** Positions of one slot over the imagined steps, [B, S, H + 1, 2]. @throws RunError where the model has no probes */
export function positionOf({ positions }: Rollout<Tensor>, slot: number): Tensor {
  if (positions === null)
    throw new RunError('the objective names positions, and this world model has no position probe to read them');
  return tf.squeeze(tf.slice(positions, [0, 0, 0, slot, 0], [-1, -1, -1, 1, -1]), [3]);
}

import { UsageError } from '../core/errors.ts';
import { differentiate } from './differentiate.ts';
import { clipByGlobalNorm, globalNorm, type Optimiser } from './optimiser.ts';
import { type ParameterLayout, partition, unpack } from './parameters.ts';
import type { Program, TensorSpec, Tensors } from './program.ts';
import { type Tensor, tf } from './tf.ts';

/** What a loss function gives back: scalars all. */
export interface LossResult {
  readonly loss: Tensor;
  /** Shown and logged, never differentiated. */
  readonly metrics: Tensors;
}

export interface TrainingStepOptions {
  readonly name: string;
  readonly layout: ParameterLayout;
  /** The batch. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** `teacher` holds the averaged parameters where `teacherDecay` is given, and is empty otherwise. */
  readonly loss: (parameters: Tensors, inputs: Tensors, teacher: Tensors) => LossResult;
  readonly optimiser: Optimiser;
  /** Largest Euclidean norm of the gradient. @defaultValue no limit */
  readonly clipNorm?: number;
  /** Parameters for which it is false stay as they are. @defaultValue all are trained */
  readonly trainable?: (name: string) => boolean;
  /** What share of each update a parameter takes: its own learning rate, as a part of all. @defaultValue 1 */
  readonly rateOf?: (name: string) => number;
  /**
   * Keeps a running average of the parameters, teacher = decay teacher + (1 - decay) parameters after each step:
   * the slow copy of BYOL and V-JEPA. @defaultValue no teacher
   */
  readonly teacherDecay?: number;
}

/** A program for one step of gradient descent. */
export interface TrainingStep extends Program {
  readonly layout: ParameterLayout;
  /** The parameters that move: what `state.parameters`, the optimiser's vectors and the teacher are laid out by. */
  readonly trained: ParameterLayout;
  readonly frozen: ParameterLayout;
  readonly optimiser: Optimiser;
  readonly hasTeacher: boolean;
}

/**
 * Loss, gradient, clipping and the optimiser's update in one graph.
 *
 * Inputs: the batch; `state.parameters`, `state.<vector of the optimiser>`, `state.teacher`, `state.frozen`;
 * `scalar.learningRate`, `scalar.<scalar of the optimiser>`. Outputs: `next.*` for each state vector but the
 * frozen one; `loss`, `gradientNorm` (before clipping) and `metric.*`.
 */
export function createTrainingStep(options: TrainingStepOptions): TrainingStep {
  const {
    name,
    layout,
    inputs,
    loss,
    optimiser,
    clipNorm,
    trainable = () => true,
    rateOf = () => 1,
    teacherDecay,
  } = options;
  const [trained, frozen] = partition(layout, trainable);
  if (trained.size === 0) throw new UsageError(`training step '${name}' has no trainable parameter`);
  for (const input of Object.keys(inputs)) {
    if (/^(state|scalar)\./.test(input))
      throw new UsageError(`training step '${name}': input '${input}' takes a name reserved for the trainer's state`);
  }

  const vectors = ['parameters', ...optimiser.stateNames, ...(teacherDecay === undefined ? [] : ['teacher'])];
  const scalars = ['learningRate', ...optimiser.scalarNames];
  return {
    name,
    layout,
    trained,
    frozen,
    optimiser,
    hasTeacher: teacherDecay !== undefined,
    inputs: {
      ...inputs,
      ...Object.fromEntries(vectors.map((vector) => [`state.${vector}`, { shape: [trained.size] }])),
      ...(frozen.size > 0 ? { 'state.frozen': { shape: [frozen.size] } } : {}),
      ...Object.fromEntries(scalars.map((scalar) => [`scalar.${scalar}`, { shape: [] }])),
    },
    run(feeds) {
      const parameters = feeds['state.parameters']!;
      const still = frozen.size > 0 ? unpack(feeds['state.frozen']!, frozen) : {};
      const teacher = teacherDecay === undefined ? {} : { ...unpack(feeds['state.teacher']!, trained), ...still };

      const differentiated = lossAndGradients(name, unpack(parameters, trained), (moving) =>
        loss({ ...moving, ...still }, pick(feeds, Object.keys(inputs), ''), teacher),
      );
      const raw = tf.concat(differentiated.gradients.map((gradient) => tf.reshape(gradient, [-1])));
      const { clipped, norm } =
        clipNorm === undefined ? { clipped: raw, norm: globalNorm(raw) } : clipByGlobalNorm(raw, clipNorm);
      const update = optimiser.update({
        gradient: clipped,
        parameters,
        state: pick(feeds, optimiser.stateNames, 'state.'),
        scalars: pick(feeds, optimiser.scalarNames, 'scalar.'),
        learningRate: feeds['scalar.learningRate']!,
      });

      const next = slowed(parameters, update.parameters, trained, rateOf);
      return {
        'next.parameters': next,
        ...prefixed('next.', update.state),
        ...(teacherDecay === undefined ? {} : { 'next.teacher': average(feeds['state.teacher']!, next, teacherDecay) }),
        loss: differentiated.loss,
        gradientNorm: norm,
        ...prefixed('metric.', differentiated.metrics),
      };
    },
  };
}

/**
 * Loss, metrics and the gradient of each parameter. Differentiates in the unpacked parameters: the gradient of the
 * slices of one vector would be a padded vector of full length for each.
 */
function lossAndGradients(
  name: string,
  parameters: Tensors,
  loss: (parameters: Tensors) => LossResult,
): LossResult & { readonly gradients: readonly Tensor[] } {
  const { value, beside, gradients } = differentiate(() => {
    const result = loss(parameters);
    checkScalar(name, 'loss', result.loss);
    for (const [metric, tensor] of Object.entries(result.metrics)) {
      if (metric === 'loss' || metric === 'gradientNorm')
        throw new UsageError(`training step '${name}': '${metric}' is given anyway, choose another metric name`);
      checkScalar(name, `metric '${metric}'`, tensor);
    }
    return { value: result.loss, beside: result.metrics };
  }, Object.values(parameters));
  const unused = Object.keys(parameters).filter((_, i) => gradients[i] === null);
  if (unused.length > 0)
    throw new UsageError(
      `training step '${name}': the loss does not depend on ${unused.join(', ')}. Leave them out of the layout or freeze them with 'trainable'.`,
    );
  return { loss: value, metrics: beside, gradients: gradients as readonly Tensor[] };
}

function checkScalar(name: string, what: string, tensor: Tensor): void {
  if (tensor.rank !== 0) throw new UsageError(`training step '${name}': ${what} has shape [${tensor.shape}], not []`);
}

/** What follows of `now` where each parameter goes its share of the way to `next`. */
function slowed(
  now: Tensor,
  next: Tensor,
  { entries, size }: ParameterLayout,
  rateOf: (name: string) => number,
): Tensor {
  if (entries.every(({ name }) => rateOf(name) === 1)) return next;
  const rates = new Float32Array(size);
  for (const { name, offset, size: length } of entries) rates.fill(rateOf(name), offset, offset + length);
  return tf.add(now, tf.mul(tf.sub(next, now), tf.tensor1d(rates)));
}

function average(teacher: Tensor, parameters: Tensor, decay: number): Tensor {
  return tf.add(teacher, tf.mul(tf.sub(parameters, teacher), 1 - decay));
}

/** The tensors called `prefix + name`, by `name`. */
function pick(tensors: Tensors, names: readonly string[], prefix: string): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[prefix + name]!]));
}

function prefixed(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

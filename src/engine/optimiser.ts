import type { Tensors } from './program.ts';
import { type Tensor, tf } from './tf.ts';

/**
 * A rule of descent as a pure function over the one flat vector of parameters; traced into the training step's
 * graph together with the gradient.
 */
export interface Optimiser {
  /** The state's vectors, each as long as the parameters. */
  readonly stateNames: readonly string[];
  /** Numbers that depend on the step alone. */
  readonly scalarNames: readonly string[];
  /** The state before the first step. */
  init(size: number): Record<string, Float32Array>;
  /**
   * Values of `scalarNames` for step 1, 2, ...: computed outside the graph, in double precision (0.999^t rounds
   * badly in float32).
   */
  scalars(step: number): Record<string, number>;
  update(input: OptimiserInput): { readonly parameters: Tensor; readonly state: Tensors };
}

export interface OptimiserInput {
  /** [P] */
  readonly gradient: Tensor;
  /** [P] */
  readonly parameters: Tensor;
  /** Each [P]. */
  readonly state: Tensors;
  /** Each a scalar. */
  readonly scalars: Tensors;
  /** Scalar. */
  readonly learningRate: Tensor;
}

export interface AdamWOptions {
  /** Memory of the mean gradient. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Memory of the mean squared gradient. @defaultValue 0.999 */
  readonly beta2?: number;
  /** @defaultValue 1e-8 */
  readonly epsilon?: number;
  /** Share of each parameter removed a step, times the learning rate. @defaultValue 0.01 */
  readonly weightDecay?: number;
}

/**
 * AdamW (Loshchilov and Hutter, 2019), Adam with decoupled weight decay, as in PyTorch:
 *
 *     m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
 *     x = x - lr decay x - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 */
export function adamW({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0.01,
}: AdamWOptions = {}): Optimiser {
  return {
    stateNames: ['m', 'v'],
    scalarNames: ['stepScale', 'epsilon'],
    init: (size) => ({ m: new Float32Array(size), v: new Float32Array(size) }),
    scalars(step) {
      // Both corrections moved out of the vectors: lr sqrt(c2) / c1 m / (sqrt(v) + epsilon sqrt(c2)) is the same.
      const first = 1 - beta1 ** step;
      const second = Math.sqrt(1 - beta2 ** step);
      return { stepScale: second / first, epsilon: epsilon * second };
    },
    update({ gradient, parameters, state, scalars, learningRate }) {
      const m = tf.add(state.m!, tf.mul(tf.sub(gradient, state.m!), 1 - beta1));
      const v = tf.add(state.v!, tf.mul(tf.sub(tf.square(gradient), state.v!), 1 - beta2));
      const direction = tf.div(m, tf.add(tf.sqrt(v), scalars.epsilon!));
      const step = tf.mul(direction, tf.mul(learningRate, scalars.stepScale!));
      const decayed = weightDecay === 0 ? parameters : tf.mul(parameters, tf.sub(1, tf.mul(learningRate, weightDecay)));
      return { parameters: tf.sub(decayed, step), state: { m, v } };
    },
  };
}

/**
 * The gradient scaled down so that its Euclidean norm is at most `maxNorm` (Pascanu, Mikolov and Bengio, 2013),
 * and its norm before.
 */
export function clipByGlobalNorm(
  gradient: Tensor,
  maxNorm: number,
): { readonly clipped: Tensor; readonly norm: Tensor } {
  const norm = globalNorm(gradient);
  return { clipped: tf.mul(gradient, tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)))), norm };
}

/** Euclidean norm of the flat gradient, a scalar. */
export function globalNorm(gradient: Tensor): Tensor {
  return tf.sqrt(tf.sum(tf.square(gradient)));
}

import type { Rng } from '../core/rng.ts';
import { mlp, mlpSpecs } from './nn/mlp.ts';
import { adamW } from './optimiser.ts';
import { constants, initialise, layoutOf } from './parameters.ts';
import type { CompileOptions, Tensors } from './program.ts';
import { cosineSchedule } from './schedule.ts';
import { type Tensor, tf } from './tf.ts';
import { createTrainer } from './trainer.ts';
import { createTrainingStep } from './training-step.ts';

export interface PerceptronOptions extends CompileOptions {
  /** What its parameters' names begin with. */
  readonly name: string;
  /** Numbers of an example: what is given, and what is asked for. */
  readonly features: number;
  readonly targets: number;
  readonly steps: number;
  /** Highest learning rate of a cosine schedule. */
  readonly peak: number;
  /** A generator for each purpose, `initialise` and `batches`. */
  readonly rngFor: (purpose: 'initialise' | 'batches') => Rng;
  /** Writes an example drawn at random: [features] and [targets]. */
  readonly draw: (rng: Rng, features: Float32Array, targets: Float32Array) => void;
}

/** [R, features] -> [R, targets], in a program; its weights are constants there. */
export type Perceptron = (features: Tensor) => Tensor;

const hidden = [256, 256];
const batch = 256;
const warmupSteps = 100;

/** Fits a small multi-layer perceptron (2 x 256, SiLU) by least squares, with AdamW on batches of 256. */
export async function fitPerceptron(options: PerceptronOptions): Promise<Perceptron> {
  const { name, features, targets, steps, peak, rngFor, draw, ...compileOptions } = options;
  const layout = layoutOf(mlpSpecs(name, [features, ...hidden, targets]));
  const apply = (parameters: Tensors, x: Tensor): Tensor => mlp(parameters, name, x, { activation: 'silu' });
  const trainer = await createTrainer({
    step: createTrainingStep({
      name,
      layout,
      inputs: { features: { shape: [batch, features] }, targets: { shape: [batch, targets] } },
      loss: (parameters, given) => ({
        loss: tf.mean(tf.squaredDifference(apply(parameters, given.features!), given.targets!)),
        metrics: {},
      }),
      optimiser: adamW({ weightDecay: 1e-4 }),
      clipNorm: 1,
    }),
    parameters: initialise(layout, rngFor('initialise')),
    ...compileOptions,
  });
  const rate = cosineSchedule({ peak, warmupSteps, steps });
  const rng = rngFor('batches');
  const feeds = { features: new Float32Array(batch * features), targets: new Float32Array(batch * targets) };
  const rowOf = (values: Float32Array, row: number, width: number): Float32Array =>
    values.subarray(row * width, (row + 1) * width);
  for (let step = 0; step < steps; step++) {
    for (let row = 0; row < batch; row++)
      draw(rng, rowOf(feeds.features, row, features), rowOf(feeds.targets, row, targets));
    await trainer.step(feeds, rate(step));
  }
  const { parameters } = trainer.state();
  await trainer.dispose();
  return (x) => apply(constants(parameters, layout), x);
}

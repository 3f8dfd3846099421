import type { ParameterLayout, ParameterSpecs } from '../engine/parameters.ts';
import type { CompileOptions, Tensors } from '../engine/program.ts';
import type { Tensor } from '../engine/tf.ts';
import type { ModelConfig } from '../world-model/config.ts';
import type { TrainingLoss } from '../world-model/losses/training-loss.ts';
import type { BatchSource } from './batch-source.ts';
import type { Recipe, RecipeStage } from './recipe.ts';

/** A model so far, for stages that let the agent play with it. */
export interface ModelSoFar {
  readonly config: ModelConfig;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
}

/** How a batch is judged. */
export interface Judged {
  readonly objective: Recipe['objective'];
  /** The teacher's parameters; empty where the objective has none. */
  readonly teacher: Tensors;
  /** What the objective draws. */
  readonly noise: Tensors;
}

/**
 * What differs between worlds in training: where batches come from, and how one becomes a loss. Knows nothing of the
 * objective, so that several can be trained on the same data.
 */
export interface TrainingData {
  /** The recipe's model, with what is fitted before training filled in. */
  readonly config: ModelConfig;
  /** `modelSoFar` is called where the stage wants episodes of the agent's own. */
  stageBatches(stage: RecipeStage, index: number, modelSoFar: () => ModelSoFar): Promise<BatchSource>;
  /** Windows never trained on. */
  readonly heldOut: BatchSource;
  /** Dimensions of the latents that the objective works on. */
  readonly objectiveSize: number;
  /** Parameters that are trained beside the model's and thrown away with the run. @defaultValue none */
  readonly beside?: ParameterSpecs;
  /** Which parameters are trained, of those that a stage trains. @defaultValue all */
  trains?(name: string): boolean;
  /** [B, T, N, D] latents of a batch's windows. */
  encode(parameters: Tensors, batch: Tensors): Tensor;
  loss(parameters: Tensors, batch: Tensors, judged: Judged): TrainingLoss;
  /** The configuration with what is measured of the trained model filled in. Absent: nothing is. */
  measure?(parameters: Float32Array): Promise<ModelConfig>;
}

/** How data are prepared. */
export interface PrepareOptions extends CompileOptions {
  /** Threads that play and perceive, where episodes are perceived one by one: no number of them changes a byte. @defaultValue 0 */
  readonly workers?: number;
}

/** What a training run tells whoever watches. */
export interface TrainingEvents {
  /** Preparation: playing, perceiving, letting the agent play. */
  readonly onPrepare?: (what: string, done: number, total: number) => void;
  readonly onStep?: (progress: TrainingProgress) => void;
  readonly onEvaluate?: (step: number, metrics: Readonly<Record<string, number>>) => void;
  readonly onWarning?: (message: string) => void;
}

export interface TrainingProgress {
  readonly stage: string;
  /** Steps done of the whole run. */
  readonly step: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Whether an objective goes without a teacher. */
export function isEmpty(tensors: Tensors): boolean {
  return Object.keys(tensors).length === 0;
}

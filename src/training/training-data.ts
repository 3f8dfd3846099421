import type { ParameterLayout } from '../engine/parameters.ts';
import type { Tensors } from '../engine/program.ts';
import type { Tensor } from '../engine/tf.ts';
import type { ModelConfig } from '../world-model/config.ts';
import type { BatchSource } from './batch-source.ts';
import type { RecipeStage } from './recipe.ts';

/** A model so far, for stages that let the agent play with it. */
export interface ModelSoFar {
  readonly config: ModelConfig;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
}

/** What differs between worlds in training: where batches come from, and how one becomes a loss. */
export interface TrainingData {
  /** The recipe's model, with what is fitted before training filled in. */
  readonly config: ModelConfig;
  /** `modelSoFar` is called where the stage wants episodes of the agent's own. */
  stageBatches(stage: RecipeStage, index: number, modelSoFar: () => ModelSoFar): Promise<BatchSource>;
  /** Windows never trained on. */
  readonly heldOut: BatchSource;
  loss(parameters: Tensors, batch: Tensors): { readonly loss: Tensor; readonly metrics: Tensors };
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

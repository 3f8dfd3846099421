import { adamW } from '../engine/optimiser.ts';
import type { ParameterLayout } from '../engine/parameters.ts';
import { createTrainingStep, type TrainingStep } from '../engine/training-step.ts';
import { createObjective } from '../world-model/objectives/create-objective.ts';
import type { BatchSource } from './batch-source.ts';
import { noiseOf } from './noise.ts';
import type { Recipe, RecipeStage } from './recipe.ts';
import type { TrainingData } from './training-data.ts';

export interface StageStepOptions {
  readonly recipe: Recipe;
  readonly stage: RecipeStage;
  readonly data: TrainingData;
  readonly layout: ParameterLayout;
  /** With what the objective draws. */
  readonly inputs: BatchSource['inputs'];
  /** Of the learning rate, what a parameter has; 0 leaves it as it is. @defaultValue 1 */
  readonly rateOf?: (name: string) => number;
}

/** A stage's training step: the recipe's loss and optimiser over what the stage trains. */
export function createStageStep({
  recipe,
  stage,
  data,
  layout,
  inputs,
  rateOf = () => 1,
}: StageStepOptions): TrainingStep {
  const { only } = stage;
  const { teacherDecay } = createObjective(recipe.objective);
  return createTrainingStep({
    name: `${recipe.name}-${stage.name}`,
    layout,
    inputs,
    loss: (bound, batch, teacher) =>
      data.loss(bound, batch, { objective: recipe.objective, teacher, noise: noiseOf(batch) }),
    ...(teacherDecay === null ? {} : { teacherDecay }),
    optimiser: adamW({ weightDecay: recipe.optimiser.weightDecay }),
    clipNorm: recipe.optimiser.clipNorm,
    trainable: (name) =>
      (only === undefined || name.startsWith(only)) && (data.trains?.(name) ?? true) && rateOf(name) > 0,
    rateOf,
  });
}

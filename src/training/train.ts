import { createRng } from '../core/rng.ts';
import { compile } from '../engine/compile.ts';
import { adamW } from '../engine/optimiser.ts';
import { initialise, layoutOf, unpack } from '../engine/parameters.ts';
import type { CompileOptions } from '../engine/program.ts';
import { cosineSchedule } from '../engine/schedule.ts';
import { createTrainer } from '../engine/trainer.ts';
import { createTrainingStep } from '../engine/training-step.ts';
import { saveModel } from '../world-model/model-store.ts';
import { worldModelSpecs } from '../world-model/world-model.ts';
import type { BatchSource } from './batch-source.ts';
import { loadCheckpoint, removeCheckpoint, runFingerprint, saveCheckpoint } from './checkpoint.ts';
import type { Recipe, RecipeStage } from './recipe.ts';
import type { ModelSoFar, TrainingData, TrainingEvents } from './training-data.ts';

export interface TrainOptions extends CompileOptions {
  readonly recipe: Recipe;
  readonly seed: number;
  /** Folder for the model; checkpoints lie beside it until the run is done. */
  readonly out: string;
  /** Continue from the checkpoint in `out`, where there is one. */
  readonly resume: boolean;
  readonly events?: TrainingEvents;
}

export interface TrainResult {
  readonly parameters: number;
  readonly steps: number;
  /** Means over held-out windows, at the end. */
  readonly heldOut: Readonly<Record<string, number>>;
}

/** Batches that a held-out evaluation averages over. */
const evaluationBatches = 8;

/**
 * Trains a world model by a recipe. Same recipe, seed, device and threads: same weights, byte for byte, whether or
 * not the run was interrupted: batches depend on their step's number alone.
 */
export async function train({
  recipe,
  seed,
  out,
  resume,
  events = {},
  ...options
}: TrainOptions): Promise<TrainResult> {
  const fingerprint = runFingerprint(recipe, seed);
  const checkpoint = resume ? await loadCheckpoint(out, fingerprint) : null;
  const data = await prepare(recipe, seed, options, events);
  const layout = layoutOf(worldModelSpecs(data.config));
  const total = recipe.stages.reduce((sum, stage) => sum + stage.steps, 0);
  let state = checkpoint?.state;
  let parameters = state?.parameters ?? initialise(layout, createRng(seed, 'initialise'));

  for (const [index, stage] of recipe.stages.entries()) {
    if (checkpoint !== null && index < checkpoint.stage) continue;
    const resumed = checkpoint !== null && index === checkpoint.stage ? checkpoint : null;
    const start = resumed?.stageStart ?? parameters;
    const modelSoFar = (): ModelSoFar => ({ config: data.config, layout, parameters: start });
    const batches = await data.stageBatches(stage, index, modelSoFar);
    const { only } = stage;
    const trainer = await createTrainer({
      step: createTrainingStep({
        name: `${recipe.name}-${stage.name}`,
        layout,
        inputs: batches.inputs,
        loss: (bound, batch) => data.loss(bound, batch),
        optimiser: adamW({ weightDecay: recipe.optimiser.weightDecay }),
        clipNorm: recipe.optimiser.clipNorm,
        ...(only === undefined ? {} : { trainable: (name) => name.startsWith(only) }),
      }),
      parameters,
      ...options,
    });
    const first = resumed?.stageStep ?? 0;
    // The optimiser's memory goes on into a stage that trains the same parameters.
    if (state !== undefined && (resumed !== null || only === recipe.stages[index - 1]?.only)) trainer.restore(state);
    const rate = cosineSchedule({ peak: stage.learningRate, warmupSteps: stage.warmupSteps, steps: stage.steps });
    const before = stepsBefore(recipe.stages, index);
    for (let step = first; step < stage.steps; step++) {
      const learningRate = rate(step);
      const metrics = await trainer.step(batches.batchAt(step), learningRate);
      events.onStep?.({ stage: stage.name, step: before + step + 1, steps: total, learningRate, metrics });
      if ((step + 1) % recipe.evaluateEvery === 0 && step + 1 < stage.steps) {
        events.onEvaluate?.(before + step + 1, await evaluate(data, trainer.state().parameters, options));
      }
      if ((step + 1) % recipe.checkpointEvery === 0) {
        await saveCheckpoint(out, fingerprint, {
          stage: index,
          stageStep: step + 1,
          state: trainer.state(),
          stageStart: start,
        });
      }
    }
    state = trainer.state();
    parameters = state.parameters;
    await trainer.dispose();
  }

  const heldOut = await evaluate(data, parameters, options);
  events.onEvaluate?.(total, heldOut);
  await saveModel(out, data.config, parameters);
  await removeCheckpoint(out);
  return { parameters: layout.size, steps: total, heldOut };
}

async function prepare(
  recipe: Recipe,
  seed: number,
  options: CompileOptions,
  events: TrainingEvents,
): Promise<TrainingData> {
  if (recipe.data.kind === 'tabletop-play') {
    const { prepareTabletop } = await import('./tabletop-data.ts');
    return prepareTabletop({ ...recipe, data: recipe.data }, seed, options, events);
  }
  const { prepareTwoRooms } = await import('./two-rooms-data.ts');
  return prepareTwoRooms({ ...recipe, data: recipe.data }, seed, options, events);
}

function stepsBefore(stages: readonly RecipeStage[], index: number): number {
  return stages.slice(0, index).reduce((sum, stage) => sum + stage.steps, 0);
}

/** The loss's metrics on held-out windows, without learning from them. */
async function evaluate(
  data: TrainingData,
  parameters: Float32Array,
  options: CompileOptions,
): Promise<Record<string, number>> {
  const layout = layoutOf(worldModelSpecs(data.config));
  const batches: BatchSource = data.heldOut;
  const executable = await compile(
    {
      name: 'evaluate',
      inputs: { ...batches.inputs, parameters: { shape: [layout.size] } },
      run: ({ parameters: flat, ...batch }) => {
        const { loss, metrics } = data.loss(unpack(flat!, layout), batch);
        return { loss, ...metrics };
      },
    },
    options,
  );
  const sums: Record<string, number> = {};
  for (let batch = 0; batch < evaluationBatches; batch++) {
    const result = await executable.run({ ...batches.batchAt(batch), parameters });
    for (const [name, values] of Object.entries(result))
      sums[name] = (sums[name] ?? 0) + values[0]! / evaluationBatches;
  }
  await executable.dispose();
  return sums;
}

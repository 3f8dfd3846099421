import { describeError, RunError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { copyShared, initialise, layoutOf } from '../engine/parameters.ts';
import type { CompileOptions } from '../engine/program.ts';
import { cosineSchedule } from '../engine/schedule.ts';
import { createTrainer, type TrainerState } from '../engine/trainer.ts';
import { saveModel } from '../world-model/model-store.ts';
import { createObjective } from '../world-model/objectives/create-objective.ts';
import { worldModelSpecs } from '../world-model/world-model.ts';
import { createBatchReader } from './batch-reader.ts';
import { checkpointPath, loadCheckpoint, removeCheckpoint, runFingerprint, saveCheckpoint } from './checkpoint.ts';
import { createCollapseMonitor } from './collapse-monitor.ts';
import { allFinite, createDivergenceWatch } from './divergence.ts';
import { createEvaluator } from './evaluator.ts';
import { createNoise } from './noise.ts';
import { prepareTrainingData } from './prepare-training-data.ts';
import type { Recipe, RecipeStage } from './recipe.ts';
import { createStageStep } from './stage-step.ts';
import { beginFrom, checkEncoder, type StartingPoint } from './starting-point.ts';
import type { ModelSoFar, TrainingData, TrainingEvents } from './training-data.ts';

export interface TrainOptions extends CompileOptions {
  readonly recipe: Recipe;
  readonly seed: number;
  /** Folder for the model; checkpoints lie beside it until the run is done. */
  readonly out: string;
  /** Continue from the checkpoint in `out`, where there is one. */
  readonly resume: boolean;
  /** A model to begin from, as `watching` leaves one. @defaultValue drawn parameters */
  readonly from?: StartingPoint;
  /** Threads that play, and that put batches together while the step is at work: no number of them changes a byte. @defaultValue 0 */
  readonly workers?: number;
  /** From `prepareTrainingData`, to train several models on the same data. @defaultValue prepared as the recipe says */
  readonly data?: TrainingData;
  readonly events?: TrainingEvents;
}

export interface TrainResult {
  readonly parameters: number;
  readonly steps: number;
  /** Means over held-out windows, at the end. */
  readonly heldOut: Readonly<Record<string, number>>;
}

/**
 * Trains a world model by a recipe. Same recipe, seed, device and threads: same weights, byte for byte, whether or
 * not the run was interrupted: batches depend on their step's number alone.
 *
 * @throws RunError where training diverges, naming the step and the last checkpoint, which is kept
 */
export async function train({
  recipe,
  seed,
  out,
  resume,
  from,
  workers = 0,
  data: prepared,
  events = {},
  ...options
}: TrainOptions): Promise<TrainResult> {
  const fingerprint = runFingerprint(recipe, seed, from);
  const checkpoint = resume ? await loadCheckpoint(out, fingerprint) : null;
  // Before anything is played: fitted colours change no shape.
  if (from !== undefined) checkEncoder(from.model, layoutOf(worldModelSpecs(recipe.model)));
  const data = prepared ?? (await prepareTrainingData(recipe, seed, { workers, ...options }, events));
  const modelLayout = layoutOf(worldModelSpecs(data.config));
  const layout = layoutOf({ ...worldModelSpecs(data.config), ...data.beside });
  const objective = createObjective(recipe.objective);
  const noise = objective.noise(data.objectiveSize);
  const evaluator = createEvaluator({ recipe, data, layout, seed, ...options });
  const monitor = createCollapseMonitor({ latentSize: data.objectiveSize });
  const total = recipe.stages.reduce((sum, stage) => sum + stage.steps, 0);
  let state = checkpoint?.state;
  /** The step of the run that its checkpoint stands at. */
  let saved = checkpoint === null ? null : stepsBefore(recipe.stages, checkpoint.stage) + checkpoint.stageStep;
  const initial = initialise(layout, createRng(seed, 'initialise'));
  let parameters = state?.parameters ?? (from === undefined ? initial : beginFrom(from, initial, layout));

  const report = async (step: number, at: Pick<TrainerState, 'parameters' | 'teacher'>) => {
    const metrics = await evaluator.evaluate(at);
    events.onEvaluate?.(step, metrics);
    for (const warning of monitor.observe(step, metrics)) events.onWarning?.(warning);
    return metrics;
  };

  const rateOf = (name: string): number => (name.startsWith('encoder.') ? (from?.encoderRate ?? 1) : 1);
  const fail = (step: number, what: string): never => {
    const kept =
      saved === null
        ? 'No checkpoint had been written'
        : `The last good checkpoint, of step ${saved}, is kept: ${checkpointPath(out)}`;
    throw new RunError(`step ${step} of ${total}: ${what} ${kept}.`);
  };
  const assertFinite = (step: number, values: Float32Array): void => {
    if (!allFinite(values)) fail(step, `a parameter is not finite. ${advice}`);
  };

  for (const [index, stage] of recipe.stages.entries()) {
    if (checkpoint !== null && index < checkpoint.stage) continue;
    const resumed = checkpoint !== null && index === checkpoint.stage ? checkpoint : null;
    const start = resumed?.stageStart ?? parameters;
    const modelSoFar = (): ModelSoFar => ({ config: data.config, layout, parameters: start });
    const batches = await data.stageBatches(stage, index, modelSoFar);
    const drawn = createNoise(noise, seed, stage.name);
    const trainer = await createTrainer({
      step: createStageStep({ recipe, stage, data, layout, inputs: { ...batches.inputs, ...drawn.inputs }, rateOf }),
      parameters,
      ...options,
    });
    const first = resumed?.stageStep ?? 0;
    if (state !== undefined && (resumed !== null || goesOn(stage, recipe.stages[index - 1]))) trainer.restore(state);
    const rate = cosineSchedule({ peak: stage.learningRate, warmupSteps: stage.warmupSteps, steps: stage.steps });
    const before = stepsBefore(recipe.stages, index);
    const divergence = createDivergenceWatch();
    const reader = await createBatchReader(batches, { workers, steps: stage.steps });
    try {
      for (let step = first; step < stage.steps; step++) {
        const learningRate = rate(step);
        const batch = { ...(await reader.at(step)), ...drawn.batchAt(step) };
        const metrics = await trainer
          .step(batch, learningRate)
          .catch((error: unknown) => fail(before + step + 1, describeError(error)));
        const trouble = divergence.observe(metrics.loss!);
        if (trouble !== null) fail(before + step + 1, `${trouble}. ${advice}`);
        events.onStep?.({ stage: stage.name, step: before + step + 1, steps: total, learningRate, metrics });
        if ((step + 1) % recipe.evaluateEvery === 0 && step + 1 < stage.steps) {
          await report(before + step + 1, trainer.state());
        }
        if ((step + 1) % recipe.checkpointEvery === 0) {
          const now = trainer.state();
          assertFinite(before + step + 1, now.parameters);
          await saveCheckpoint(out, fingerprint, { stage: index, stageStep: step + 1, state: now, stageStart: start });
          saved = before + step + 1;
        }
      }
    } finally {
      await reader.dispose();
    }
    state = trainer.state();
    parameters = state.parameters;
    await trainer.dispose();
  }

  assertFinite(total, parameters);
  const heldOut = await report(total, { parameters, teacher: state?.teacher ?? null });
  await evaluator.dispose();
  const trained = new Float32Array(modelLayout.size);
  copyShared(parameters, layout, trained, modelLayout);
  await saveModel(out, (await data.measure?.(trained)) ?? data.config, trained);
  await removeCheckpoint(out);
  return { parameters: modelLayout.size, steps: total, heldOut };
}

const advice = 'Training diverged. Lower the learning rate or the clipping norm, or look at the objective.';

/** The optimiser's memory goes on into a stage that trains the same parameters on windows of the same length. */
function goesOn(stage: RecipeStage, before: RecipeStage | undefined): boolean {
  return stage.only === before?.only && stage.encodedOnce?.span === before?.encodedOnce?.span;
}

function stepsBefore(stages: readonly RecipeStage[], index: number): number {
  return stages.slice(0, index).reduce((sum, stage) => sum + stage.steps, 0);
}

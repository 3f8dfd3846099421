import { createHash } from 'node:crypto';
import { RunError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { compile } from '../engine/compile.ts';
import { adamW } from '../engine/optimiser.ts';
import { initialise, layoutOf, type ParameterSpecs, unpack } from '../engine/parameters.ts';
import type { CompileOptions, Tensors } from '../engine/program.ts';
import { cosineSchedule } from '../engine/schedule.ts';
import type { Tensor } from '../engine/tf.ts';
import { createTrainer } from '../engine/trainer.ts';
import { createTrainingStep } from '../engine/training-step.ts';
import type { BatchSource } from './batch-source.ts';
import { checkpointPath, loadCheckpoint, removeCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { allFinite, createDivergenceWatch } from './divergence.ts';
import type { FilmRecipe } from './film-recipe.ts';
import type { TrainResult } from './train.ts';
import type { TrainingEvents } from './training-data.ts';

export interface FilmTraining<Recipe extends FilmRecipe> extends CompileOptions {
  readonly recipe: Recipe;
  readonly seed: number;
  /** Folder for the model; checkpoints lie beside it until the run is done. */
  readonly out: string;
  /** Continue from the checkpoint in `out`, where there is one. */
  readonly resume: boolean;
  readonly events?: TrainingEvents;
}

/** What learns from films, once they are drawn. */
export interface FilmLearner {
  readonly specs: ParameterSpecs;
  readonly train: BatchSource;
  readonly heldOut: BatchSource;
  loss(parameters: Tensors, batch: Tensors): { readonly loss: Tensor; readonly metrics: Tensors };
  save(parameters: Float32Array): Promise<void>;
}

/** Batches that an evaluation averages over. */
const evaluationBatches = 8;

/**
 * Trains by watching films in which the world does what it does. Same recipe, seed, device and threads: same weights,
 * byte for byte, whether or not the run was interrupted.
 *
 * @throws RunError where training diverges, naming the step and the last checkpoint, which is kept
 */
export async function trainOnFilms<Recipe extends FilmRecipe>(
  { recipe, seed, out, resume, events = {}, ...options }: FilmTraining<Recipe>,
  prepare: (options: CompileOptions, events: TrainingEvents) => Promise<FilmLearner>,
): Promise<TrainResult> {
  const fingerprint = createHash('sha256').update(JSON.stringify({ recipe, seed })).digest('hex').slice(0, 16);
  const checkpoint = resume ? await loadCheckpoint(out, fingerprint) : null;
  const { specs, train, heldOut, loss, save } = await prepare(options, events);
  const layout = layoutOf(specs);
  const initial = checkpoint?.stageStart ?? initialise(layout, createRng(seed, 'initialise'));
  const trainer = await createTrainer({
    step: createTrainingStep({
      name: recipe.name,
      layout,
      inputs: train.inputs,
      loss,
      optimiser: adamW({ weightDecay: recipe.optimiser.weightDecay }),
      clipNorm: recipe.optimiser.clipNorm,
    }),
    parameters: initial,
    ...options,
  });
  if (checkpoint !== null) trainer.restore(checkpoint.state);
  const judge = await compile(
    {
      name: `${recipe.name}-evaluation`,
      inputs: { ...heldOut.inputs, parameters: { shape: [layout.size] } },
      run({ parameters, ...batch }) {
        const { loss: value, metrics } = loss(unpack(parameters!, layout), batch);
        return { loss: value, ...metrics };
      },
    },
    options,
  );
  const evaluate = async (step: number): Promise<Record<string, number>> => {
    const { parameters } = trainer.state();
    const means: Record<string, number> = {};
    for (let batch = 0; batch < evaluationBatches; batch++) {
      for (const [name, [value]] of Object.entries(await judge.run({ ...heldOut.batchAt(batch), parameters })))
        means[name] = (means[name] ?? 0) + value! / evaluationBatches;
    }
    events.onEvaluate?.(step, means);
    return means;
  };
  const fail = (step: number, what: string): never => {
    throw new RunError(
      `step ${step} of ${recipe.steps}: ${what} Lower the learning rate or the clipping norm. The last checkpoint, where one was written, is kept: ${checkpointPath(out)}.`,
    );
  };

  const rate = cosineSchedule({ peak: recipe.learningRate, warmupSteps: recipe.warmupSteps, steps: recipe.steps });
  const divergence = createDivergenceWatch();
  for (let step = checkpoint?.stageStep ?? 0; step < recipe.steps; step++) {
    const learningRate = rate(step);
    const metrics = await trainer.step(train.batchAt(step), learningRate);
    const trouble = divergence.observe(metrics.loss!);
    if (trouble !== null) fail(step + 1, `${trouble}.`);
    events.onStep?.({ stage: 'watching', step: step + 1, steps: recipe.steps, learningRate, metrics });
    if ((step + 1) % recipe.evaluateEvery === 0 && step + 1 < recipe.steps) await evaluate(step + 1);
    if ((step + 1) % recipe.checkpointEvery === 0 && step + 1 < recipe.steps) {
      const state = trainer.state();
      if (!allFinite(state.parameters)) fail(step + 1, 'a parameter is not finite.');
      await saveCheckpoint(out, fingerprint, { stage: 0, stageStep: step + 1, state, stageStart: initial });
    }
  }
  const metrics = await evaluate(recipe.steps);
  await save(trainer.state().parameters);
  await removeCheckpoint(out);
  await Promise.all([trainer.dispose(), judge.dispose()]);
  return { parameters: layout.size, steps: recipe.steps, heldOut: metrics };
}

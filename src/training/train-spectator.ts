import { createHash } from 'node:crypto';
import { RunError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { compile } from '../engine/compile.ts';
import { adamW } from '../engine/optimiser.ts';
import { initialise, layoutOf, unpack } from '../engine/parameters.ts';
import type { CompileOptions, Tensors } from '../engine/program.ts';
import { cosineSchedule } from '../engine/schedule.ts';
import { createTrainer } from '../engine/trainer.ts';
import { createTrainingStep } from '../engine/training-step.ts';
import { filmFrames } from '../env/side-view/quadruplet.ts';
import { type SpectatorConfig, thingCount } from '../world-model/spectator/config.ts';
import {
  createFilmWatcher,
  keepThings,
  mirrorFilm,
  thingsIn,
  type WatchedFilm,
} from '../world-model/spectator/film-watcher.ts';
import { encodeWindows, spectatorSpecs } from '../world-model/spectator/spectator.ts';
import { spectatorLoss } from '../world-model/spectator/spectator-loss.ts';
import { saveSpectator } from '../world-model/spectator/spectator-store.ts';
import { copyWindow, windowBatch } from '../world-model/spectator/windows.ts';
import type { BatchSource } from './batch-source.ts';
import { checkpointPath, loadCheckpoint, removeCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { allFinite, createDivergenceWatch } from './divergence.ts';
import { fitSideColours, sampleFilm } from './spectator-films.ts';
import type { SpectatorRecipe } from './spectator-recipe.ts';
import type { TrainResult } from './train.ts';
import type { TrainingEvents } from './training-data.ts';

export interface TrainSpectatorOptions extends CompileOptions {
  readonly recipe: SpectatorRecipe;
  readonly seed: number;
  /** Folder for the model; checkpoints lie beside it until the run is done. */
  readonly out: string;
  /** Continue from the checkpoint in `out`, where there is one. */
  readonly resume: boolean;
  readonly events?: TrainingEvents;
}

/** Batches that an evaluation averages over. */
const evaluationBatches = 8;

/**
 * Trains a spectator by watching films in which the world does what it does. Same recipe, seed, device and threads: same
 * weights, byte for byte, whether or not the run was interrupted.
 *
 * @throws RunError where training diverges, naming the step and the last checkpoint, which is kept
 */
export async function trainSpectator({
  recipe,
  seed,
  out,
  resume,
  events = {},
  ...options
}: TrainSpectatorOptions): Promise<TrainResult> {
  const fingerprint = createHash('sha256').update(JSON.stringify({ recipe, seed })).digest('hex').slice(0, 16);
  const checkpoint = resume ? await loadCheckpoint(out, fingerprint) : null;
  const { config, train, heldOut } = await watchFilms(recipe, seed, options, events);
  const layout = layoutOf(spectatorSpecs(config));
  const loss = (parameters: Tensors, batch: Tensors) =>
    spectatorLoss(config, parameters, encodeWindows(config, parameters, batch), batch.maps!, recipe.objective);
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
  await saveSpectator(out, config, trainer.state().parameters);
  await removeCheckpoint(out);
  await Promise.all([trainer.dispose(), judge.dispose()]);
  return { parameters: layout.size, steps: recipe.steps, heldOut: metrics };
}

interface SpectatorData {
  readonly config: SpectatorConfig;
  readonly train: BatchSource;
  readonly heldOut: BatchSource;
}

/** Samples all films, fits the colours and measures what is to be seen. */
async function watchFilms(
  recipe: SpectatorRecipe,
  seed: number,
  options: CompileOptions,
  events: TrainingEvents,
): Promise<SpectatorData> {
  const { films, heldOutFilms, scenarioShare, batch } = recipe;
  const config = fitSideColours(recipe.model, seed, scenarioShare);
  const watcher = await createFilmWatcher(config, filmFrames, options);
  const watchAll = async (split: string, count: number): Promise<WatchedFilm[]> => {
    const watched: WatchedFilm[] = [];
    for (let i = 0; i < count; i++) {
      const film = await watcher.watch(sampleFilm(seed, split, i, scenarioShare));
      const kept = keepThings(film, thingsIn([film], thingCount(config)), config);
      // Nothing here tells left from right.
      watched.push(kept, mirrorFilm(kept, config));
      events.onPrepare?.(`watching (${split})`, i + 1, count);
    }
    return watched;
  };
  const [held, seen] = [await watchAll('held-out', heldOutFilms), await watchAll('train', films)];
  await watcher.dispose();
  return {
    config,
    train: windowsOf(seen, config, batch, seed, 'train'),
    heldOut: windowsOf(held, config, batch, seed, 'held-out'),
  };
}

/** Windows of the declared context and the frame after it, from anywhere in the films. */
function windowsOf(
  films: readonly WatchedFilm[],
  config: SpectatorConfig,
  batch: number,
  seed: number,
  stream: string,
): BatchSource {
  const length = config.context + 1;
  const { arrays, inputs } = windowBatch(config, batch, length);
  return {
    inputs,
    batchAt(step) {
      const rng = createRng(seed, 'windows', stream, step);
      for (let row = 0; row < batch; row++) {
        const film = rng.pick(films);
        copyWindow(film, rng.integer(film.frames - length + 1), length, arrays, row);
      }
      return arrays;
    },
  };
}

import { createRng } from '../core/rng.ts';
import type { CompileOptions } from '../engine/program.ts';
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
import { fitSideColours, sampleFilm } from './spectator-films.ts';
import type { SpectatorRecipe } from './spectator-recipe.ts';
import type { TrainResult } from './train.ts';
import { type FilmTraining, trainOnFilms } from './train-on-films.ts';
import type { TrainingEvents } from './training-data.ts';

export type TrainSpectatorOptions = FilmTraining<SpectatorRecipe>;

/** Trains a spectator by watching films. See `trainOnFilms`. */
export function trainSpectator(training: TrainSpectatorOptions): Promise<TrainResult> {
  const { recipe, seed, out } = training;
  return trainOnFilms(training, async (options, events) => {
    const { config, train, heldOut } = await watchFilms(recipe, seed, options, events);
    return {
      specs: spectatorSpecs(config),
      train,
      heldOut,
      loss: (parameters, batch) =>
        spectatorLoss(config, parameters, encodeWindows(config, parameters, batch), batch.maps!, recipe.objective),
      save: (parameters) => saveSpectator(out, config, parameters),
    };
  });
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

import { createRng } from '../core/rng.ts';
import { filmFrames } from '../env/side-view/quadruplet.ts';
import type { PainterConfig } from '../world-model/painter/config.ts';
import { painterLoss, painterSpecs } from '../world-model/painter/painter.ts';
import { savePainter } from '../world-model/painter/painter-store.ts';
import { copyPictures, pictureBatch } from '../world-model/painter/pictures.ts';
import type { BatchSource } from './batch-source.ts';
import type { PainterRecipe } from './painter-recipe.ts';
import { sampleFilm } from './spectator-films.ts';
import type { TrainResult } from './train.ts';
import { type FilmTraining, trainOnFilms } from './train-on-films.ts';

/** Trains a painter on the films, and windows of them, that a spectator of the same seed learns from. */
export function trainPainter(training: FilmTraining<PainterRecipe>): Promise<TrainResult> {
  const { recipe, seed, out } = training;
  const { model: config, films, heldOutFilms, scenarioShare, batch } = recipe;
  return trainOnFilms(training, async (_, { onPrepare }) => {
    const draw = (split: string, count: number): Uint8Array[][] =>
      Array.from({ length: count }, (_, i) => {
        const film = sampleFilm(seed, split, i, scenarioShare);
        onPrepare?.(`drawing (${split})`, i + 1, count);
        return film;
      });
    const heldOut = windowsOf(draw('held-out', heldOutFilms), config, batch, seed, 'held-out');
    const train = windowsOf(draw('train', films), config, batch, seed, 'train');
    return {
      specs: painterSpecs(config),
      train,
      heldOut,
      loss: (parameters, { frames }) => painterLoss(config, parameters, frames!),
      save: (parameters) => savePainter(out, config, parameters),
    };
  });
}

/** Windows of the declared context and the frame after it, from anywhere in the films, half of them mirrored. */
function windowsOf(
  films: readonly (readonly Uint8Array[])[],
  config: PainterConfig,
  batch: number,
  seed: number,
  stream: string,
): BatchSource {
  const length = config.context + 1;
  const { frames, inputs } = pictureBatch(config, batch, length);
  const mirror = { width: config.frame[1] };
  return {
    inputs,
    batchAt(step) {
      const rng = createRng(seed, 'windows', stream, step);
      for (let row = 0; row < batch; row++) {
        const picked = rng.integer(2 * films.length);
        const start = rng.integer(filmFrames - length + 1);
        const film = films[picked >> 1]!;
        copyPictures(film.slice(start, start + length), frames, row, picked % 2 === 0 ? null : mirror);
      }
      return { frames };
    },
  };
}

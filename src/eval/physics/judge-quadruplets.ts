import { createRng, type Rng } from '../../core/rng.ts';
import type { CompileOptions } from '../../engine/program.ts';
import { type Film, filmFrames, playQuadruplet } from '../../env/side-view/quadruplet.ts';
import { drawDesign, type Scenario } from '../../env/side-view/scenarios/index.ts';
import { picture } from '../../env/side-view/side-view.ts';
import type { StoredPainter } from '../../world-model/painter/painter-store.ts';
import { thingCount } from '../../world-model/spectator/config.ts';
import { createFilmWatcher, keepThings, thingsIn, type WatchedFilm } from '../../world-model/spectator/film-watcher.ts';
import type { StoredSpectator } from '../../world-model/spectator/spectator-store.ts';
import { createOnlooker, frameChanges, type Onlooker, type ShownFilm, untrainedParameters } from './watch-films.ts';
import { createPixelOnlooker } from './watch-pixels.ts';

/** The two films of a context, and how surprising each was to each onlooker, frame by frame. */
export interface JudgedPair {
  readonly films: readonly [possible: Film, impossible: Film];
  /** Onlooker -> of the possible and the impossible film, one number a frame from `context` on. */
  readonly curves: Readonly<Record<string, readonly [possible: readonly number[], impossible: readonly number[]]>>;
  /** Of the model, for both films as a camera with noise shows them; absent where it was not tried. */
  readonly noisy?: readonly [possible: readonly number[], impossible: readonly number[]];
}

export interface JudgedQuadruplet {
  readonly scenario: Scenario;
  readonly index: number;
  readonly fork: number;
  /** Of context A, then of B. */
  readonly pairs: readonly [JudgedPair, JudgedPair];
}

export interface JudgeOptions extends CompileOptions {
  readonly model: StoredSpectator;
  readonly scenarios: readonly Scenario[];
  /** One that foretells pixels, to watch beside it. */
  readonly pixels?: StoredPainter;
  /** Of each scenario. */
  readonly quadruplets: number;
  /** How many of those the models beside it watch too. */
  readonly compared: number;
  /** Models of the same make that never learned. */
  readonly untrained: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export const modelName = 'model';
export const frameChangeName = 'frame change';
export const pixelsName = 'pixels';

export function untrainedName(index: number): string {
  return `untrained ${index + 1}`;
}

/** One quadruplet of so many is also shown with camera noise. */
const noisyEvery = 8;
/** Largest error of a byte by camera noise. */
const noiseLevel = 6;
const filmsAtOnce = 4;

/** Plays quadruplets of every scenario and lets all onlookers watch them. Same seed, same numbers. */
export async function* judgeQuadruplets(options: JudgeOptions): AsyncGenerator<JudgedQuadruplet> {
  const { model, scenarios, quadruplets, compared, seed, onProgress, pixels: _, untrained: __, ...compile } = options;
  const { config } = model;
  const watcher = await createFilmWatcher(config, filmFrames, compile);
  const onlookers = await createOnlookers(options, compile);
  const colours = thingCount(config);
  let done = 0;
  for (const scenario of scenarios) {
    for (let index = 0; index < quadruplets; index++) {
      const rng = createRng(seed, 'physics', scenario.property, scenario.visibility, index);
      const { fork, pairs } = playQuadruplet(drawDesign(scenario, rng));
      const films = pairs.flat();
      const pictures = films.map(({ snapshots }) => snapshots.map((snapshot) => picture(snapshot)));
      const seen = await watcher.watchAll(pictures);
      // All four are watched for the same things, or who is looked for would tell something.
      const things = thingsIn(seen, colours);
      const shown = (all: readonly WatchedFilm[], as: readonly Uint8Array[][]): ShownFilm[] =>
        all.map((film, i) => ({ pictures: as[i]!, watched: keepThings(film, things, config) }));
      const curves: Record<string, number[][]> = {
        [frameChangeName]: pictures.map((film) => frameChanges(film, config.context)),
      };
      for (const onlooker of onlookers.slice(0, index < compared ? undefined : 1))
        curves[onlooker.name] = await onlooker.surprise(shown(seen, pictures));
      let noisy: number[][] | null = null;
      if (index % noisyEvery === 0) {
        // Films of a pair have the same noise: they stay equal until the edit, and differ by it alone.
        const grainy = pictures.map((film, i) => withNoise(film, rng.child('noise', Math.floor(i / 2))));
        noisy = await onlookers[0]!.surprise(shown(await watcher.watchAll(grainy), grainy));
      }
      const both = <T>(all: readonly T[], at: number): readonly [T, T] => [all[at]!, all[at + 1]!];
      const pair = (at: number): JudgedPair => ({
        films: both(films, at),
        curves: Object.fromEntries(Object.entries(curves).map(([name, all]) => [name, both(all, at)])),
        ...(noisy === null ? {} : { noisy: both(noisy, at) }),
      });
      yield { scenario, index, fork, pairs: [pair(0), pair(2)] };
      onProgress?.(++done, scenarios.length * quadruplets);
    }
  }
  await watcher.dispose();
  for (const onlooker of onlookers) await onlooker.dispose();
}

/** The model first, then those beside it. */
async function createOnlookers(
  { model, pixels, untrained }: JudgeOptions,
  compile: CompileOptions,
): Promise<Onlooker[]> {
  const { config, layout, parameters } = model;
  const common = { config, layout, films: filmsAtOnce, ...compile };
  const onlookers = [await createOnlooker({ ...common, name: modelName, parameters })];
  if (pixels !== undefined)
    onlookers.push(await createPixelOnlooker({ ...compile, ...pixels, name: pixelsName, films: filmsAtOnce }));
  for (let i = 0; i < untrained; i++)
    onlookers.push(
      await createOnlooker({ ...common, name: untrainedName(i), parameters: untrainedParameters(layout, i) }),
    );
  return onlookers;
}

/** The film as a camera with noise shows it. */
function withNoise(film: readonly Uint8Array[], rng: Rng): Uint8Array[] {
  return film.map((pixels) =>
    pixels.map((value) => Math.min(255, Math.max(0, value + Math.round(rng.between(-noiseLevel, noiseLevel))))),
  );
}

import { createRng } from '../../core/rng.ts';
import type { CompileOptions } from '../../engine/program.ts';
import { type Film, filmFrames, playQuadruplet } from '../../env/side-view/quadruplet.ts';
import { drawDesign, type Scenario } from '../../env/side-view/scenarios/index.ts';
import { picture } from '../../env/side-view/side-view.ts';
import { thingCount } from '../../world-model/spectator/config.ts';
import { createFilmWatcher, keepThings, thingsIn } from '../../world-model/spectator/film-watcher.ts';
import type { StoredSpectator } from '../../world-model/spectator/spectator-store.ts';
import { createOnlooker, frameChanges, untrainedParameters } from './watch-films.ts';

/** The two films of a context, and how surprising each was to each onlooker, frame by frame. */
export interface JudgedPair {
  readonly films: readonly [possible: Film, impossible: Film];
  /** Onlooker -> of the possible and the impossible film, one number a frame from `context` on. */
  readonly curves: Readonly<Record<string, readonly [possible: readonly number[], impossible: readonly number[]]>>;
  /** Of the model, for the possible film as a camera with noise shows it; absent where it was not tried. */
  readonly noisy?: readonly number[];
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
  /** Of each scenario. */
  readonly quadruplets: number;
  /** Models of the same make that never learned. */
  readonly untrained: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export const modelName = 'model';
export const frameChangeName = 'frame change';

export function untrainedName(index: number): string {
  return `untrained ${index + 1}`;
}

/** One quadruplet of so many is also shown with camera noise. */
const noisyEvery = 4;
/** Largest error of a byte by camera noise. */
const noiseLevel = 6;
const filmsAtOnce = 4;

/** Plays quadruplets of every scenario and lets all onlookers watch them. Same seed, same numbers. */
export async function* judgeQuadruplets(options: JudgeOptions): AsyncGenerator<JudgedQuadruplet> {
  const { model, scenarios, quadruplets, untrained, seed, onProgress, ...compile } = options;
  const { config, layout } = model;
  const watcher = await createFilmWatcher(config, filmFrames, compile);
  const common = { config, layout, films: filmsAtOnce, ...compile };
  const onlookers = [await createOnlooker({ ...common, name: modelName, parameters: model.parameters })];
  for (let i = 0; i < untrained; i++) {
    const parameters = untrainedParameters(layout, i);
    onlookers.push(await createOnlooker({ ...common, name: untrainedName(i), parameters }));
  }
  const colours = thingCount(config);
  let done = 0;
  for (const scenario of scenarios) {
    for (let index = 0; index < quadruplets; index++) {
      const rng = createRng(seed, 'physics', scenario.property, scenario.visibility, index);
      const { fork, pairs } = playQuadruplet(drawDesign(scenario, rng));
      const films = pairs.flat();
      const pictures = films.map(({ snapshots }) => snapshots.map((snapshot) => picture(snapshot)));
      const seen = [];
      for (const film of pictures) seen.push(await watcher.watch(film));
      // All four are watched for the same things, or who is looked for would tell something.
      const things = thingsIn(seen, colours);
      const watched = seen.map((film) => keepThings(film, things, config));
      const curves: Record<string, number[][]> = {
        [frameChangeName]: pictures.map((film) => frameChanges(film, config.context)),
      };
      for (const onlooker of onlookers) curves[onlooker.name] = await onlooker.surprise(watched);
      let noisy: number[][] | null = null;
      if (index % noisyEvery === 0) {
        const shown = [];
        for (const film of [pictures[0]!, pictures[2]!]) {
          const noise = rng.child('noise', shown.length);
          const grainy = film.map((pixels, t) => (t > fork ? withNoise(pixels, noise) : pixels));
          shown.push(keepThings(await watcher.watch(grainy), things, config));
        }
        noisy = await onlookers[0]!.surprise([...shown, ...shown]);
      }
      const pair = (at: number): JudgedPair => ({
        films: [films[at]!, films[at + 1]!],
        curves: Object.fromEntries(Object.entries(curves).map(([name, all]) => [name, [all[at]!, all[at + 1]!]])),
        ...(noisy === null ? {} : { noisy: noisy[at / 2]! }),
      });
      yield { scenario, index, fork, pairs: [pair(0), pair(2)] };
      onProgress?.(++done, scenarios.length * quadruplets);
    }
  }
  await watcher.dispose();
  for (const onlooker of onlookers) await onlooker.dispose();
}

function withNoise(pixels: Uint8Array, rng: ReturnType<typeof createRng>): Uint8Array {
  return pixels.map((value) => Math.min(255, Math.max(0, value + Math.round(rng.between(-noiseLevel, noiseLevel)))));
}

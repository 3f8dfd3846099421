import { createRng } from '../../core/rng.ts';
import { compile } from '../../engine/compile.ts';
import { constants, initialise, type ParameterLayout } from '../../engine/parameters.ts';
import type { CompileOptions } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { filmFrames } from '../../env/side-view/quadruplet.ts';
import { window } from '../../world-model/losses/steps.ts';
import type { SpectatorConfig } from '../../world-model/spectator/config.ts';
import type { WatchedFilm } from '../../world-model/spectator/film-watcher.ts';
import { encodeWindows, expectationError, foresee } from '../../world-model/spectator/spectator.ts';
import { copyWindow, windowBatch } from '../../world-model/spectator/windows.ts';

/** A film as pictures, and as slots by colour are measured in them. */
export interface ShownFilm {
  readonly pictures: readonly Uint8Array[];
  readonly watched: WatchedFilm;
}

/** Says how surprising each frame of a film is, from the first that has a whole context before it. */
export interface Onlooker {
  readonly name: string;
  /** F films -> F lists of `filmFrames - context` numbers. */
  surprise(films: readonly ShownFilm[]): Promise<number[][]>;
  dispose(): Promise<void>;
}

export interface OnlookerOptions extends CompileOptions {
  readonly name: string;
  readonly config: SpectatorConfig;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
  /** Films that come at a time. */
  readonly films: number;
}

/**
 * Surprise as latent prediction error: a window slides over the film; of its first `context` frames, whose number is the
 * model's own and never chosen on a test, is made what the next should be, and compared with what that one is.
 * Nothing from before the window is remembered.
 */
export async function createOnlooker({
  name,
  config,
  layout,
  parameters,
  films: count,
  ...options
}: OnlookerOptions): Promise<Onlooker> {
  const windows = filmFrames - config.context;
  const { arrays, inputs } = windowBatch(config, count, filmFrames);
  // Every frame is encoded once; windows of them are cut out of whole films, all films' first windows first.
  const cut = (x: Tensor): Tensor => {
    const [films, , ...rest] = x.shape as [number, number, ...number[]];
    const zeros = rest.map(() => 0);
    return tf.concat(
      Array.from({ length: windows }, (_, start) =>
        tf.slice(x, [0, start, ...zeros], [films, config.context + 1, ...rest]),
      ),
      0,
    );
  };
  const executable = await compile(
    {
      name: 'surprise',
      inputs,
      run(batch) {
        const bound = constants(parameters, layout);
        const latents = cut(encodeWindows(config, bound, batch));
        const expected = foresee(config, bound, latents, cut(batch.maps!)).at(-1)!;
        return { surprise: tf.mean(expectationError(config, expected, window(latents, config.context)), 1) };
      },
    },
    options,
  );
  return {
    name,
    async surprise(films) {
      films.forEach(({ watched }, f) => {
        copyWindow(watched, 0, filmFrames, arrays, f);
      });
      const { surprise } = await executable.run({ ...arrays });
      return films.map((_, f) => Array.from({ length: windows }, (_, start) => surprise![start * count + f]!));
    },
    dispose: () => executable.dispose(),
  };
}

/**
 * Parameters of a model that never learned. Layers that training begins at zero are drawn as others are, so that it
 * foretells something: what a network of this make says of itself.
 */
export function untrainedParameters(layout: ParameterLayout, seed: number): Float32Array {
  const rng = createRng(seed, 'untrained');
  const parameters = initialise(layout, rng);
  for (const { name, offset, size, shape } of layout.entries) {
    const values = parameters.subarray(offset, offset + size);
    if (values.some((value) => value !== 0)) continue;
    const bound = 1 / Math.sqrt(shape.length > 1 ? shape[0]! : 1e4);
    const own = rng.child('zero', name);
    for (let i = 0; i < size; i++) values[i] = own.between(-bound, bound);
  }
  return parameters;
}

/** Mean absolute change of bytes from one frame to the next: what needs neither model nor memory. */
export function frameChanges(pictures: readonly Uint8Array[], context: number): number[] {
  return pictures.slice(context).map((pixels, k) => {
    const before = pictures[context + k - 1]!;
    let change = 0;
    for (let i = 0; i < pixels.length; i++) change += Math.abs(pixels[i]! - before[i]!);
    return change / pixels.length;
  });
}

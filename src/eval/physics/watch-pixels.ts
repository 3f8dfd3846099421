import { compile } from '../../engine/compile.ts';
import { constants, type ParameterLayout } from '../../engine/parameters.ts';
import type { CompileOptions } from '../../engine/program.ts';
import { filmFrames } from '../../env/side-view/quadruplet.ts';
import { window } from '../../world-model/losses/steps.ts';
import type { PainterConfig } from '../../world-model/painter/config.ts';
import { cellsOf, paintError, paintNext } from '../../world-model/painter/painter.ts';
import { copyPictures, pictureBatch } from '../../world-model/painter/pictures.ts';
import type { Onlooker } from './watch-films.ts';

export interface PixelOnlookerOptions extends CompileOptions {
  readonly name: string;
  readonly config: PainterConfig;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
  /** Films that come at a time. */
  readonly films: number;
}

/** Surprise as pixel error: as `createOnlooker`, of the next frame's pixels in place of its latents. */
export async function createPixelOnlooker({
  name,
  config,
  layout,
  parameters,
  films: count,
  ...options
}: PixelOnlookerOptions): Promise<Onlooker> {
  const { context } = config;
  const windows = filmFrames - context;
  const { frames, inputs } = pictureBatch(config, count * windows, context + 1);
  const executable = await compile(
    {
      name: 'pixel-surprise',
      inputs,
      run({ frames: shown }) {
        const cells = cellsOf(config, shown!);
        const painted = paintNext(config, constants(parameters, layout), cells).at(-1)!;
        return { surprise: paintError(painted, window(cells, context)) };
      },
    },
    options,
  );
  return {
    name,
    async surprise(films) {
      films.forEach(({ pictures }, f) => {
        for (let start = 0; start < windows; start++)
          copyPictures(pictures.slice(start, start + context + 1), frames, f * windows + start);
      });
      const { surprise } = await executable.run({ frames });
      return films.map((_, f) => [...surprise!.subarray(f * windows, (f + 1) * windows)]);
    },
    dispose: () => executable.dispose(),
  };
}

import { UsageError } from '../core/errors.ts';
import type { DeviceName } from '../engine/program.ts';
import { followTraining } from './follow-training.ts';
import type { Terminal } from './terminal.ts';

/** Configurations that train watchers of films: they watch and never act, so they have recipes of their own make. */
export const filmConfigurations = ['side-view', 'side-view-pixels'] as const;
export type FilmConfiguration = (typeof filmConfigurations)[number];

export function isFilmConfiguration(name: string): name is FilmConfiguration {
  return filmConfigurations.some((each) => each === name);
}

export interface TrainSideViewOptions {
  readonly config: FilmConfiguration;
  readonly seed: number;
  readonly out: string;
  readonly resume: boolean;
  readonly device: DeviceName;
  readonly threads: number;
  /** What `train` was given beside these, by flag: a watcher takes none of it. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** `amitable train --config side-view`, or `side-view-pixels`. */
export async function trainSideView(
  { config, others, ...options }: TrainSideViewOptions,
  terminal: Terminal,
): Promise<void> {
  const foreign = Object.keys(others).find((flag) => others[flag] !== undefined);
  if (foreign !== undefined)
    throw new UsageError(`--${foreign} says nothing to '${config}', which is trained by watching alone`);
  const { seed, out } = options;
  if (config === 'side-view') {
    const { sideViewRecipe: recipe } = await import('../training/spectator-recipe.ts');
    const { trainSpectator } = await import('../training/train-spectator.ts');
    return followTraining(terminal, { recipe, seed, out, done: 'trained' }, (events) =>
      trainSpectator({ recipe, ...options, events }),
    );
  }
  const { sideViewPixelsRecipe: recipe } = await import('../training/painter-recipe.ts');
  const { trainPainter } = await import('../training/train-painter.ts');
  return followTraining(terminal, { recipe, seed, out, done: 'trained' }, (events) =>
    trainPainter({ recipe, ...options, events }),
  );
}

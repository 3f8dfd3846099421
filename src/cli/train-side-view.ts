import { UsageError } from '../core/errors.ts';
import type { DeviceName } from '../engine/program.ts';
import { followTraining } from './follow-training.ts';
import type { Terminal } from './terminal.ts';

/** The configuration that trains a spectator: it watches and never acts, so it has a recipe of its own make. */
export const sideViewName = 'side-view';

export interface TrainSideViewOptions {
  readonly seed: number;
  readonly out: string;
  readonly resume: boolean;
  readonly device: DeviceName;
  readonly threads: number;
  /** What `train` was given beside these, by flag: a spectator takes none of it. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** `amitable train --config side-view` */
export async function trainSideView(
  { seed, out, resume, device, threads, others }: TrainSideViewOptions,
  terminal: Terminal,
): Promise<void> {
  const foreign = Object.keys(others).find((flag) => others[flag] !== undefined);
  if (foreign !== undefined)
    throw new UsageError(`--${foreign} says nothing to '${sideViewName}', which is trained by watching alone`);
  const { sideViewRecipe: recipe } = await import('../training/spectator-recipe.ts');
  const { trainSpectator } = await import('../training/train-spectator.ts');
  await followTraining(terminal, { recipe, seed, out, done: 'trained' }, (events) =>
    trainSpectator({ recipe, seed, out, resume, device, threads, events }),
  );
}

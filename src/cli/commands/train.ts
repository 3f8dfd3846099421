import { UsageError } from '../../core/errors.ts';
import type { StartingPoint } from '../../training/starting-point.ts';
import { objectiveNames } from '../../world-model/objectives/config.ts';
import { defineCommand } from '../command.ts';
import { checkFree, followTraining } from '../follow-training.ts';
import { loadRecipe } from '../load-recipe.ts';
import {
  deviceOption,
  optionalOneOf,
  optionalText,
  requiredText,
  seedOption,
  threadsOption,
  toggle,
  workersOption,
} from '../options.ts';
import { isFilmConfiguration, trainSideView } from '../train-side-view.ts';

/** How fast the encoder that training begins from goes on learning, of the learning rate. */
const encoderRates = { frozen: 0, slow: 0.1, trained: 1 } as const;
const encoderChoices = Object.keys(encoderRates) as (keyof typeof encoderRates)[];

export const trainCommand = defineCommand({
  options: {
    config: requiredText(
      "A training configuration: 'two-rooms', 'tabletop-small' or 'side-view', each also with '-pixels', 'push-t', or a recipe file",
      'NAME|FILE',
    ),
    objective: optionalOneOf("What latents are asked to be, in place of the configuration's own", objectiveNames),
    from: optionalText('Begin from the model in this folder, as `watch` makes one', 'DIR'),
    encoder: optionalOneOf("With --from: how the encoder goes on learning (default 'slow')", encoderChoices),
    out: requiredText('Folder for the trained model', 'DIR'),
    resume: toggle('Continue from the checkpoint in --out, where there is one'),
    force: toggle('Replace the model that --out holds'),
    seed: seedOption,
    device: deviceOption,
    threads: threadsOption,
    workers: workersOption,
  },
  async run({ config, objective, out, resume, force, seed, device, threads, workers, from: begun, encoder }, terminal) {
    checkFree(out, force);
    if (isFilmConfiguration(config)) {
      const others = { objective, from: begun, encoder };
      return trainSideView({ config, seed, out, resume, device, threads, others }, terminal);
    }
    const recipe = await loadRecipe(config, objective);
    const from = await readBeginning(begun, encoder);
    const { train } = await import('../../training/train.ts');
    const about = from && {
      from: { directory: from.model.directory, hash: from.model.hash, encoder: from.encoderRate },
    };
    await followTraining(terminal, { recipe, seed, out, done: 'trained', ...(about && { about }) }, (events) =>
      train({ recipe, seed, out, resume, device, threads, workers, events, ...(from && { from }) }),
    );
  },
});

async function readBeginning(
  directory: string | undefined,
  encoder: keyof typeof encoderRates | undefined,
): Promise<StartingPoint | undefined> {
  if (directory === undefined) {
    if (encoder !== undefined) throw new UsageError('--encoder says how the encoder of --from goes on: name a model');
    return undefined;
  }
  const { loadModel } = await import('../../world-model/model-store.ts');
  return { model: await loadModel(directory), encoderRate: encoderRates[encoder ?? 'slow'] };
}

import { objectiveNames } from '../../world-model/objectives/config.ts';
import { defineCommand } from '../command.ts';
import { checkFree, followTraining } from '../follow-training.ts';
import { loadRecipe } from '../load-recipe.ts';
import {
  deviceOption,
  optionalOneOf,
  optionalWholeNumber,
  requiredText,
  seedOption,
  threadsOption,
  toggle,
  workersOption,
} from '../options.ts';

export const watchCommand = defineCommand({
  options: {
    config: requiredText(
      "A training configuration: 'two-rooms', 'tabletop-small', 'push-t' or a recipe file",
      'NAME|FILE',
    ),
    objective: optionalOneOf("What latents are asked to be, in place of the configuration's own", objectiveNames),
    steps: optionalWholeNumber("Training steps, in place of those of the configuration's first stage", 1),
    out: requiredText('Folder for the model: its encoder is trained, all else as it begins', 'DIR'),
    resume: toggle('Continue from the checkpoint in --out, where there is one'),
    force: toggle('Replace the model that --out holds'),
    seed: seedOption,
    device: deviceOption,
    threads: threadsOption,
    workers: workersOption,
  },
  async run({ config, objective, steps, out, resume, force, seed, device, threads, workers }, terminal) {
    checkFree(out, force);
    const base = await loadRecipe(config, objective);
    const { watch } = await import('../../training/watching.ts');
    const { watchRecipe } = await import('../../training/watch-recipe.ts');
    const recipe = watchRecipe(base, steps === undefined ? {} : { steps });
    await followTraining(terminal, { recipe, seed, out, done: 'watched' }, (events) =>
      watch({ recipe, seed, out, resume, device, threads, workers, events }),
    );
  },
});

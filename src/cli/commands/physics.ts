import { propertyNames } from '../../env/side-view/quadruplet.ts';
import { defineCommand } from '../command.ts';
import { deviceOption, listOf, oneOf, optionalText, seedOption, threadsOption, wholeNumber } from '../options.ts';

const worlds = ['side-view', 'tabletop'] as const;

export const physicsCommand = defineCommand({
  options: {
    world: oneOf({
      describe: 'What is judged: films of a world seen from the side, or what its own pushes do on the table',
      choices: worlds,
      fallback: 'side-view',
    }),
    model: optionalText('The model; without it the shipped one of that world', 'DIR'),
    pixels: optionalText(
      'Side view: the model that foretells pixels, to watch beside it; without it the shipped one',
      'DIR',
    ),
    properties: listOf({ describe: 'Side view: what to ask of it', choices: propertyNames, fallback: propertyNames }),
    quadruplets: wholeNumber({ describe: 'Quadruplets of films of each kind', minimum: 1, fallback: 200 }),
    untrained: wholeNumber({ describe: 'Models that never learned, to watch beside it', minimum: 0, fallback: 5 }),
    compared: wholeNumber({
      describe: 'Of the quadruplets of a kind, how many the models beside it watch too',
      minimum: 0,
      fallback: 50,
    }),
    out: optionalText('Folder for the report as JSON, Markdown and a page with film strips', 'DIR'),
    seed: seedOption,
    device: deviceOption,
    threads: threadsOption,
  },
  async run({ world, pixels, properties, ...options }, terminal) {
    if (world === 'tabletop') {
      const { judgeTabletop } = await import('../physics/judge-tabletop.ts');
      return judgeTabletop(options, terminal);
    }
    const { judgeSideView } = await import('../physics/judge-side-view.ts');
    return judgeSideView({ ...options, pixels, properties }, terminal);
  },
});

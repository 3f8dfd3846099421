import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { UsageError } from '../../core/errors.ts';
import { codeVersion } from '../../eval/code-version.ts';
import { createResultStore } from '../../eval/result-store.ts';
import { objectiveNames } from '../../world-model/objectives/config.ts';
import { defineCommand } from '../command.ts';
import { deviceOption, list, optionalListOf, requiredText, threadsOption } from '../options.ts';
import { queueOption } from '../queue/redis.ts';
import { type TrainItem, trainItem } from '../queue/work-item.ts';
import { readDataFile } from '../read-data-file.ts';
import { formatTable } from '../table.ts';
import { performAll } from '../work/perform-all.ts';
import { unpackModel } from '../work/train-model.ts';

export const sweepCommand = defineCommand({
  options: {
    configs: list('Training configurations or recipe files', ['tabletop-small']),
    objectives: optionalListOf("What latents are asked to be, in place of the configurations' own", objectiveNames),
    seeds: list('Training seeds', ['0', '1', '2']),
    out: requiredText('Folder for the models and the table; what lies there is not trained again', 'DIR'),
    queue: queueOption,
    device: deviceOption,
    threads: threadsOption,
  },
  async run({ configs, objectives, seeds, out, queue, device, threads }, terminal) {
    const runs: { readonly name: string; readonly item: TrainItem }[] = [];
    for (const config of configs) {
      for (const objective of objectives ?? [undefined]) {
        const recipe = await loadRecipe(config, objective);
        for (const seed of seeds.map(parseSeed)) {
          const name = [recipe.name, ...(objective === undefined ? [] : [objective]), seed].join('-');
          runs.push({ name, item: trainItem(codeVersion(), { recipe, seed, device, threads }) });
        }
      }
    }
    const twice = runs.find(({ name }, i) => runs.findIndex((other) => other.name === name) !== i);
    if (twice !== undefined) throw new UsageError(`two runs of the sweep are named '${twice.name}'`);
    const store = createResultStore(join(out, 'results'));
    await performAll({ items: runs.map(({ item }) => item), store, queue, label: 'training', terminal });

    const rows: Record<string, unknown>[] = [];
    for (const { name, item } of runs) {
      const result = await unpackModel((await store.get(item.key))!, join(out, name));
      rows.push({ name, recipe: item.recipe.name, seed: item.seed, model: join(out, name), ...result });
    }
    const report = { schema: 'amitable.sweep/1', runs: rows };
    await writeFileAtomic(join(out, 'sweep.json'), `${JSON.stringify(report, null, 2)}\n`);
    const heldOut = (row: Record<string, unknown>) => Object.entries(row.heldOut as Record<string, number>).slice(0, 4);
    terminal.result(
      report,
      formatTable(
        ['run', 'held out'],
        rows.map((row) => [
          String(row.name),
          heldOut(row)
            .map(([metric, value]) => `${metric} ${value.toPrecision(3)}`)
            .join(', '),
        ]),
      ),
    );
  },
});

function parseSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UsageError(`--seeds are whole numbers of at least 0, got '${text}'`);
}

async function loadRecipe(nameOrFile: string, objective: (typeof objectiveNames)[number] | undefined) {
  const { parseRecipe } = await import('../../training/recipe.ts');
  const { recipeByName } = await import('../../training/recipes.ts');
  const { withObjective } = await import('../../training/with-objective.ts');
  const recipe = existsSync(nameOrFile)
    ? parseRecipe(await readDataFile(nameOrFile, 'training recipe'), nameOrFile)
    : recipeByName(nameOrFile);
  return objective === undefined ? recipe : withObjective(recipe, objective);
}

import { existsSync } from 'node:fs';
import { RunError } from '../../core/errors.ts';
import type { Recipe } from '../../training/recipe.ts';
import { type ObjectiveName, objectiveNames } from '../../world-model/objectives/config.ts';
import { defineCommand } from '../command.ts';
import { deviceOption, optionalOneOf, requiredText, seedOption, threadsOption, toggle } from '../options.ts';
import { readDataFile } from '../read-data-file.ts';
import type { Progress } from '../terminal.ts';

export const trainCommand = defineCommand({
  options: {
    config: requiredText("A training configuration: 'two-rooms', 'tabletop-small' or a recipe file", 'NAME|FILE'),
    objective: optionalOneOf("What latents are asked to be, in place of the configuration's own", objectiveNames),
    out: requiredText('Folder for the trained model', 'DIR'),
    resume: toggle('Continue from the checkpoint in --out, where there is one'),
    force: toggle('Replace the model that --out holds'),
    seed: seedOption,
    device: deviceOption,
    threads: threadsOption,
  },
  async run(args, terminal) {
    const { out, resume, force, seed, device, threads } = args;
    if (existsSync(`${out}/config.json`) && !force) {
      throw new RunError(`'${out}' already holds a model. Train into another folder, or replace it with --force.`);
    }
    const recipe = await loadRecipe(args.config, args.objective);
    const { train } = await import('../../training/train.ts');
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    let bar: Progress | undefined;
    let barLabel = '';
    const show = (label: string, done: number, total: number, status: string): void => {
      if (label !== barLabel) {
        bar?.stop();
        bar = terminal.progress(label, total);
        barLabel = label;
      }
      bar?.update(done, status);
    };
    const result = await train({
      recipe,
      seed,
      out,
      resume,
      device,
      threads,
      events: {
        onPrepare: (what, done, total) => show(what, done, total, ''),
        onStep: ({ step, steps, stage, metrics }) =>
          show(`training (${stage})`, step, steps, formatMetrics(metrics, ['loss', 'rollout', 'inverse', 'probe'])),
        onEvaluate: (step, metrics) =>
          terminal.note(`step ${step}, held out: ${formatMetrics(metrics, Object.keys(metrics))}`),
        onWarning: (message) => terminal.note(`warning: ${message}`),
      },
    });
    bar?.stop();
    const { user, system } = process.cpuUsage(cpuBefore);
    const seconds = (performance.now() - started) / 1000;
    const cpuSeconds = (user + system) / 1e6;
    const summary = {
      recipe: recipe.name,
      objective: recipe.objective.name,
      seed,
      out,
      seconds,
      cpuSeconds,
      ...result,
    };
    const text = [
      `trained '${recipe.name}' (${result.parameters} parameters, ${result.steps} steps) in ${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} CPU-seconds`,
      `held out: ${formatMetrics(result.heldOut, Object.keys(result.heldOut))}`,
      `model: ${out}`,
    ];
    terminal.result(summary, text.join('\n'));
  },
});

async function loadRecipe(nameOrFile: string, objective: ObjectiveName | undefined): Promise<Recipe> {
  const recipe = existsSync(nameOrFile) ? await readRecipe(nameOrFile) : await recipeNamed(nameOrFile);
  if (objective === undefined) return recipe;
  const { withObjective } = await import('../../training/with-objective.ts');
  return withObjective(recipe, objective);
}

async function readRecipe(file: string): Promise<Recipe> {
  const { parseRecipe } = await import('../../training/recipe.ts');
  return parseRecipe(await readDataFile(file, 'training recipe'), file);
}

async function recipeNamed(name: string): Promise<Recipe> {
  const { recipeByName } = await import('../../training/recipes.ts');
  return recipeByName(name);
}

function formatMetrics(metrics: Readonly<Record<string, number>>, names: readonly string[]): string {
  return names.flatMap((name) => (name in metrics ? [`${name} ${metrics[name]!.toPrecision(3)}`] : [])).join(', ');
}

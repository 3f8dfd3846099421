/**
 * `node dist/scripts/ablate.js [--out DIR] [--configs a,b] [--variants a,b] [--seeds 0,1] [--steps N] [--play N]
 * [--episodes N] [--tasks a,b] [--threads N] [--quick] [--docs FILE [--mark NAME]]`
 *
 * Trains every objective on the same data (`--play` episodes, if not all of the recipe's) for the same number of steps
 * and writes what came of it: collapse measures over training, errors of probes and rollouts, planning success. A row that is finished is not made again, one that
 * was interrupted goes on from its last checkpoint, so the same call can be repeated until all is done. Writes
 * `ablation.json` and `ablation.md` into the folder, and with `--docs` the tables between the marks
 * `<!-- ablation: CONFIG -->` and `<!-- /ablation: CONFIG -->` of that document; `--mark NAME` stands for CONFIG.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { RunError, UsageError } from '../src/core/errors.ts';
import { taskById } from '../src/env/registry.ts';
import { prepareTrainingData } from '../src/training/prepare-training-data.ts';
import type { Recipe } from '../src/training/recipe.ts';
import { recipeByName } from '../src/training/recipes.ts';
import type { TrainingData } from '../src/training/training-data.ts';
import { horizonOffsets } from './ablate/rollout-errors.ts';
import { formatTable, type Row } from './ablate/table.ts';
import { finishedRow, type RowOptions, trainRow } from './ablate/train-row.ts';
import { variants, variantsFor } from './ablate/variants.ts';
import { wholeNumber } from './whole-number.ts';

const { values: flags } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/ablation' },
    configs: { type: 'string', default: 'two-rooms,tabletop-small' },
    variants: { type: 'string' },
    seeds: { type: 'string', default: '0' },
    steps: { type: 'string' },
    play: { type: 'string' },
    episodes: { type: 'string' },
    tasks: { type: 'string' },
    threads: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    docs: { type: 'string' },
    mark: { type: 'string' },
  },
});

const defaultTasks = { 'two-rooms': ['two-rooms'], tabletop: ['push-to-pose'], 'push-t': ['push-t'] } as const;
/** Before anything is trained for them. */
const tasks = flags.tasks?.split(',').map((id) => taskById(id).id);
const quickVariants = ['vicreg', 'ema-teacher'];
const steps = wholeNumber('steps', flags.steps ?? (flags.quick ? '20' : '1500'), 1);
const episodes = wholeNumber('episodes', flags.episodes ?? (flags.quick ? '1' : '100'), 1);
const compile = { threads: wholeNumber('threads', flags.threads, 1) };
const ids = flags.variants?.split(',') ?? (flags.quick ? quickVariants : variants.map(({ id }) => id));
const seeds = flags.seeds.split(',').map((seed) => wholeNumber('seeds', seed));

const rows: Row[] = [];
for (const config of flags.configs.split(',')) {
  const base = shorten(recipeByName(config));
  const chosen = variantsFor(base, ids);
  for (const seed of seeds) {
    const data = shared(seed, (recipe) => recipe);
    const farData = shared(seed, forRollouts);
    for (const variant of chosen) {
      const started = performance.now();
      const label = `${config} ${variant.id} seed ${seed}`;
      const options: RowOptions = {
        variant,
        recipe: variant.change(base),
        seed,
        tasks: tasks ?? defaultTasks[base.model.world],
        episodes,
        out: flags.out,
        dataFor: data,
        farDataFor: farData,
        onProgress: (what) => console.error(`${label}: ${what}`),
        ...compile,
      };
      try {
        const finished = finishedRow(options);
        const row = finished ?? (await trainRow(options));
        rows.push(row);
        const time = finished ? 'finished earlier' : `${((performance.now() - started) / 1000).toFixed(0)} s`;
        const { planning, warnings } = row;
        const solved = planning.map(({ task, successes }) => `${successes} of ${episodes} of ${task}`).join(', ');
        console.error(`${label}: ${solved} solved, ${warnings.length} warnings (${time})`);
        await report();
      } catch (error) {
        // One that diverges must not cost the others.
        if (!(error instanceof RunError)) throw error;
        console.error(`${label}: ${error.message}`);
        process.exitCode = 1;
      }
    }
  }
}
console.log(tablesOf(rows));

/** All rows so far, whatever happens to the rest. */
async function report(): Promise<void> {
  await writeFileAtomic(join(flags.out, 'ablation.json'), `${JSON.stringify(rows, null, 2)}\n`);
  await writeFileAtomic(join(flags.out, 'ablation.md'), `${tablesOf(rows)}\n`);
  if (flags.docs === undefined) return;
  let text = await readFile(flags.docs, 'utf8');
  for (const config of new Set(rows.map((row) => row.config))) {
    const mark = flags.mark ?? config;
    const [open, close] = [`<!-- ablation: ${mark} -->`, `<!-- /ablation: ${mark} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) throw new UsageError(`${flags.docs} has no place marked '${open}' ... '${close}'`);
    text = `${text.slice(0, from + open.length)}\n${tableOf(config)}\n${text.slice(to)}`;
  }
  await writeFileAtomic(flags.docs, text);
}

function tablesOf(all: readonly Row[]): string {
  return [...new Set(all.map((row) => row.config))].map((config) => `## ${config}\n\n${tableOf(config)}`).join('\n\n');
}

function tableOf(config: string): string {
  const own = rows.filter((row) => row.config === config);
  return `${own[0]!.steps} steps, ${episodes} episodes of a task a seed.\n\n${formatTable(own)}`;
}

/** One stage, without episodes of the agent's own: what differs is the objective alone. */
function shorten(recipe: Recipe): Recipe {
  const { ownEpisodes: _, ...stage } = recipe.stages[0]!;
  const every = Math.max(1, Math.ceil(steps / 10));
  const warmupSteps = Math.min(stage.warmupSteps, Math.floor(steps / 4));
  const { data } = recipe;
  const short: Recipe = {
    ...recipe,
    // Rows are compared without guardrails.
    data: data.kind === 'tabletop-play' ? { ...data, calibrationEpisodes: 0 } : data,
    stages: [{ ...stage, steps, warmupSteps }],
    evaluateEvery: every,
    checkpointEvery: every,
  };
  const played =
    flags.play ?? (flags.quick ? { 'two-rooms-play': '200', 'tabletop-play': '20' }[recipe.data.kind] : null);
  const sized = flags.quick ? { ...short, batch: 16 } : short;
  return played === null ? sized : { ...sized, data: playOf(sized.data, wholeNumber('play', played, 1)) };
}

/** So many episodes of play. */
function playOf(data: Recipe['data'], count: number): Recipe['data'] {
  return data.kind === 'two-rooms-play' ? { ...data, trajectories: count } : { ...data, episodes: count };
}

/** Held-out windows that reach as far as rollouts are measured; next to nothing to train on. */
function forRollouts(recipe: Recipe): Recipe {
  const { data } = recipe;
  return {
    ...recipe,
    batch: 64,
    offsets: [...horizonOffsets],
    data: playOf(data, 1),
  };
}

/** Data by what decides them; only the last are kept, since they fill hundreds of megabytes. */
function shared(seed: number, change: (recipe: Recipe) => Recipe): (recipe: Recipe) => Promise<TrainingData> {
  let known: { readonly key: string; readonly data: Promise<TrainingData> } | undefined;
  return (recipe) => {
    const changed = change(recipe);
    const { data, batch, offsets, model } = changed;
    const key = JSON.stringify({ data, batch, offsets, model });
    if (known?.key !== key) known = { key, data: prepareTrainingData(changed, seed, compile, {}) };
    return known.data;
  };
}

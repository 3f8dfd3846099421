import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import { writeFileAtomic } from '../../src/core/atomic-file.ts';
import type { CompileOptions } from '../../src/engine/program.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { playBench } from '../../src/eval/bench.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import { train } from '../../src/training/train.ts';
import type { TrainingData } from '../../src/training/training-data.ts';
import { loadModel } from '../../src/world-model/model-store.ts';
import { measureRollouts } from './rollout-errors.ts';
import type { Moment, Row } from './table.ts';
import type { Variant } from './variants.ts';

export interface RowOptions extends CompileOptions {
  readonly variant: Variant;
  /** As the variant has changed it. */
  readonly recipe: Recipe;
  readonly seed: number;
  /** Tasks that the agent plans on, and the number of episodes of each. */
  readonly tasks: readonly string[];
  readonly episodes: number;
  /** Folder of all rows. */
  readonly out: string;
  /** Called where data are needed: several rows share them. */
  readonly dataFor: (recipe: Recipe) => Promise<TrainingData>;
  /** The same held-out play, in windows that reach as far as rollouts are measured. */
  readonly farDataFor: (recipe: Recipe) => Promise<TrainingData>;
  readonly onProgress: (what: string) => void;
}

/** What was measured so far of a row whose training was interrupted. */
interface Notes {
  readonly settings: string;
  history: Moment[];
  warnings: string[];
  cpuSeconds: number;
}

/** The finished row of these settings, or null. */
export function finishedRow(options: RowOptions): Row | null {
  const row = readJson<Row>(rowFile(options));
  return row?.settings === settingsOf(options) ? row : null;
}

/** Trains, measures and writes a row; goes on where an earlier call was interrupted. */
export async function trainRow(options: RowOptions): Promise<Row> {
  const { variant, recipe, seed, tasks, episodes, out, dataFor, farDataFor, onProgress, ...compile } = options;
  const settings = settingsOf(options);
  const name = rowName(options);
  const model = join(out, 'models', name);
  const notesFile = join(out, 'models', `${name}.notes.json`);
  const steps = recipe.stages.reduce((sum, stage) => sum + stage.steps, 0);
  const found = readJson<Notes>(notesFile);
  const notes: Notes = found?.settings === settings ? found : { settings, history: [], warnings: [], cpuSeconds: 0 };
  const write = (): Promise<void> => writeFileAtomic(notesFile, JSON.stringify(notes));

  const trained = notes.history.at(-1)?.step === steps && existsSync(join(model, 'config.json'));
  if (!trained) {
    const data = await dataFor(recipe);
    const before = cpuSeconds() - notes.cpuSeconds;
    let noting = Promise.resolve();
    await train({
      recipe,
      seed,
      out: model,
      resume: found?.settings === settings,
      data,
      ...compile,
      events: {
        onStep: ({ step, metrics }) => {
          if (step % 50 === 0) onProgress(`step ${step} of ${steps}, loss ${metrics.loss!.toPrecision(3)}`);
        },
        onEvaluate(step, metrics) {
          // What comes after the checkpoint that an interrupted run goes on from is measured again.
          notes.history = [...notes.history.filter((moment) => moment.step < step), { step, metrics }];
          notes.cpuSeconds = cpuSeconds() - before;
          noting = noting.then(write);
        },
        onWarning(message) {
          if (!notes.warnings.includes(message)) notes.warnings.push(message);
          noting = noting.then(write);
        },
      },
    });
    await noting;
  }

  const stored = await loadModel(model);
  const far = await farDataFor(recipe);
  const rollout = await measureRollouts(far, stored.layout, stored.parameters, compile);
  let said = '';
  const played = await playBench({
    tasks: tasks.map(taskById),
    policies: ['agent'],
    createContestant: async () => ({
      policy: await createAgentWithModel(stored, { world: recipe.model.world, ...compile }),
      planner: stored.config.planner.name,
      model,
    }),
    createEnvironment,
    episodes,
    seed: seed + 1,
    onProgress(task, _policy, { work }) {
      const done = `${task} ${Math.floor((10 * work) / episodes)}0 %`;
      if (done !== said) onProgress(done);
      said = done;
    },
  });
  const row: Row = {
    settings,
    config: recipe.name,
    variant: variant.id,
    title: variant.title,
    seed,
    steps,
    cpuSeconds: notes.cpuSeconds,
    history: notes.history,
    warnings: notes.warnings,
    rollout,
    planning: played.map((each) => ({
      task: each.task,
      episodes,
      successes: each.episodes.filter(({ success }) => success).length,
      meanFinalDistance: each.episodes.reduce((sum, { finalDistance }) => sum + finalDistance, 0) / episodes,
    })),
  };
  await writeFileAtomic(rowFile(options), `${JSON.stringify(row, null, 2)}\n`);
  return row;
}

function rowName({ recipe, variant, seed }: RowOptions): string {
  return `${recipe.name}.${variant.id}.seed-${seed}`;
}

function rowFile(options: RowOptions): string {
  return join(options.out, 'rows', `${rowName(options)}.json`);
}

/** What decides a row, as one word: a row of other settings is made anew. */
function settingsOf({ recipe, seed, tasks, episodes }: RowOptions): string {
  const all = JSON.stringify({ recipe, seed, tasks, episodes });
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}

function readJson<T>(path: string): T | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

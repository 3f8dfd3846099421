import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import { writeFileAtomic } from '../../src/core/atomic-file.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { CompileOptions } from '../../src/engine/program.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { playBench } from '../../src/eval/bench.ts';
import { wilson95 } from '../../src/eval/metrics/wilson-interval.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import { train } from '../../src/training/train.ts';
import { watchRecipe } from '../../src/training/watch-recipe.ts';
import { watch } from '../../src/training/watching.ts';
import { loadModel } from '../../src/world-model/model-store.ts';

/** One point of the curve. */
export interface Row {
  readonly settings: string;
  readonly seed: number;
  /** Control steps whose actions were told. */
  readonly labelledSteps: number;
  readonly watched: boolean;
  readonly episodes: number;
  readonly successes: number;
  readonly cpuSeconds: number;
  readonly heldOut: Readonly<Record<string, number>>;
}

export interface CurveOptions extends CompileOptions {
  readonly base: Recipe;
  readonly task: string;
  readonly episodes: number;
  readonly watchSteps: number;
  readonly actSteps: number;
  /** Of the learning rate, what a watched encoder has when actions are told. */
  readonly encoderRate: number;
  /** Trajectories watched, in the recipe's unit; all of the recipe's if absent. */
  readonly watchEpisodes: number | undefined;
  /** Folder of everything. */
  readonly out: string;
  readonly onProgress: (what: string) => void;
}

/** Control steps of one episode of labelled play: budgets are multiples of it. */
const episodeSteps: Readonly<Record<Recipe['data']['kind'], number>> = { 'two-rooms-play': 100, 'tabletop-play': 20 };

/** The recipe with so few labelled steps to play: one stage, nothing of the agent's own. */
export function actRecipe(base: Recipe, labelledSteps: number, steps: number): Recipe {
  const { learningRate, warmupSteps, name } = base.stages[0]!;
  const length = episodeSteps[base.data.kind];
  const episodes = labelledSteps / length;
  if (!Number.isInteger(episodes) || episodes < 1)
    throw new UsageError(`--labelled takes multiples of ${length}, got ${labelledSteps}`);
  const stage = { name, steps, learningRate, warmupSteps: Math.min(warmupSteps, Math.floor(steps / 4)) };
  return {
    ...base,
    data: playing(base.data, episodes, length),
    stages: [stage],
    evaluateEvery: steps,
    checkpointEvery: 100,
  };
}

function playing(data: Recipe['data'], episodes: number, steps: number): Recipe['data'] {
  return data.kind === 'two-rooms-play'
    ? { ...data, trajectories: episodes, frames: steps + 1 }
    : { ...data, episodes, steps, calibrationEpisodes: 0 };
}

/** The model that has watched, made where it is not there yet; goes on where a call was interrupted. */
async function watchedModel(options: CurveOptions, seed: number) {
  const { base, watchSteps, watchEpisodes, out, onProgress, device, threads } = options;
  const recipe = { ...watchRecipe(watchData(base, watchEpisodes), { steps: watchSteps }), checkpointEvery: 100 };
  const key = createHash('sha256').update(JSON.stringify({ recipe, seed })).digest('hex').slice(0, 8);
  const folder = join(out, 'models', `${recipe.name}.seed-${seed}.${key}`);
  if (!existsSync(join(folder, 'config.json'))) {
    const events = { onStep: steady(`watching, seed ${seed}`, onProgress) };
    const compile = { ...(device && { device }), ...(threads && { threads }) };
    await watch({ recipe, seed, out: folder, resume: true, events, ...compile });
  }
  return loadModel(folder);
}

function watchData(base: Recipe, episodes: number | undefined): Recipe {
  const { data } = base;
  if (episodes === undefined) return base;
  return {
    ...base,
    data: data.kind === 'two-rooms-play' ? { ...data, trajectories: episodes } : { ...data, episodes },
  };
}

export interface Point {
  readonly seed: number;
  readonly labelledSteps: number;
  readonly watched: boolean;
}

/** Trains and measures one point; what an earlier call finished is read, what it began is gone on with. */
export async function measurePoint(options: CurveOptions, point: Point): Promise<Row> {
  const { base, task, episodes, actSteps, encoderRate, out, onProgress, device, threads } = options;
  const { seed, labelledSteps, watched } = point;
  const compile = { ...(device && { device }), ...(threads && { threads }) };
  const file = rowFile(options, point);
  const known = finishedPoint(options, point);
  if (known !== null) return known;
  const before = process.cpuUsage();
  const from = watched ? { model: await watchedModel(options, seed), encoderRate } : undefined;
  const recipe = actRecipe(base, labelledSteps, actSteps);
  const name = nameOf(point);
  const folder = join(out, 'models', `${base.name}.${name}.${settingsOf(options, point)}`);
  const events = { onStep: steady(name, onProgress) };
  const { heldOut } = await train({
    recipe,
    seed,
    out: folder,
    resume: true,
    events,
    ...compile,
    ...(from && { from }),
  });
  const model = await loadModel(folder);
  const [played] = await playBench({
    tasks: [taskById(task)],
    policies: ['agent'],
    createContestant: async () => ({
      policy: await createAgentWithModel(model, { world: base.model.world, ...compile }),
      planner: model.config.planner.name,
      model: folder,
    }),
    createEnvironment,
    episodes,
    seed: seed + 1,
    onProgress: () => {},
  });
  const { user, system } = process.cpuUsage(before);
  const row: Row = {
    settings: settingsOf(options, point),
    ...point,
    episodes,
    successes: played!.episodes.filter(({ success }) => success).length,
    cpuSeconds: (user + system) / 1e6,
    heldOut,
  };
  await writeFileAtomic(file, `${JSON.stringify(row, null, 2)}\n`);
  return row;
}

/** The point as an earlier call measured it, or null. */
export function finishedPoint(options: CurveOptions, point: Point): Row | null {
  const file = rowFile(options, point);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row) : null;
}

function rowFile(options: CurveOptions, point: Point): string {
  return join(options.out, 'rows', `${options.base.name}.${nameOf(point)}.${settingsOf(options, point)}.json`);
}

function nameOf({ seed, labelledSteps, watched }: Point): string {
  return `${watched ? 'watched' : 'not-watched'}.${labelledSteps}.seed-${seed}`;
}

/** What decides a point, as one word: a point of other settings is made anew. */
function settingsOf(
  { base, task, episodes, watchSteps, actSteps, encoderRate, watchEpisodes }: CurveOptions,
  point: Point,
): string {
  const watching = point.watched ? { watchSteps, encoderRate, watchEpisodes } : null;
  const all = JSON.stringify({ base, task, episodes, actSteps, watching, point });
  return createHash('sha256').update(all).digest('hex').slice(0, 8);
}

/** Rows of a Markdown table: all seeds of a budget together, with Wilson intervals. */
export function formatCurve(rows: readonly Row[]): string {
  const budgets = [...new Set(rows.map(({ labelledSteps }) => labelledSteps))].sort((a, b) => a - b);
  const cell = (labelledSteps: number, watched: boolean): string => {
    const own = rows.filter((row) => row.labelledSteps === labelledSteps && row.watched === watched);
    if (own.length === 0) return '-';
    const episodes = own.reduce((sum, row) => sum + row.episodes, 0);
    const successes = own.reduce((sum, row) => sum + row.successes, 0);
    const [low, high] = wilson95(successes, episodes);
    const each = own.map((row) => Math.round((100 * row.successes) / row.episodes)).join(', ');
    const percent = (share: number) => (100 * share).toFixed(1);
    return `${percent(successes / episodes)} % [${percent(low)}, ${percent(high)}] (${each})`;
  };
  return [
    '| labelled control steps | minutes at 10 Hz | from nothing | after watching |',
    '|---|---|---|---|',
    ...budgets.map(
      (budget) =>
        `| ${budget.toLocaleString('en')} | ${(budget / 600).toFixed(1)} | ${cell(budget, false)} | ${cell(budget, true)} |`,
    ),
  ].join('\n');
}

function steady(name: string, onProgress: (what: string) => void) {
  return ({
    step,
    steps,
    metrics,
  }: {
    step: number;
    steps: number;
    metrics: Readonly<Record<string, number>>;
  }): void => {
    if (step % 100 === 0) onProgress(`${name}: step ${step} of ${steps}, loss ${metrics.loss!.toPrecision(3)}`);
  };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../core/errors.ts';
import type { TrainResult } from '../training/train.ts';
import type { TrainingEvents } from '../training/training-data.ts';
import type { Progress, Terminal } from './terminal.ts';
import { createTrainingLog } from './training-log.ts';

export interface FollowOptions {
  readonly recipe: { readonly name: string; readonly objective: { readonly name: string } };
  readonly seed: number;
  readonly out: string;
  /** What the result calls it: `trained`, `watched`. */
  readonly done: string;
  /** More for the result's document. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** Shows a training run while it goes on, and its result with the time it took. */
export async function followTraining(
  terminal: Terminal,
  { recipe, seed, out, done: verb, about = {} }: FollowOptions,
  run: (events: TrainingEvents) => Promise<TrainResult>,
): Promise<void> {
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
  const log = createTrainingLog(join(out, 'log'));
  const result = await run({
    onPrepare: (what, done, total) => show(what, done, total, ''),
    onStep(progress) {
      const { step, steps, stage, metrics } = progress;
      show(
        `training (${stage})`,
        step,
        steps,
        formatMetrics(metrics, ['loss', 'rollout', 'inverse', 'probe', 'surprise', 'place']),
      );
      log.step(progress);
    },
    onEvaluate(step, metrics) {
      terminal.note(`step ${step}, held out: ${formatMetrics(metrics, Object.keys(metrics))}`);
      log.evaluation(step, metrics);
    },
    onWarning: (message) => terminal.note(`warning: ${message}`),
  }).finally(async () => {
    bar?.stop();
    await log.close();
  });
  const curves = await log.draw(`${recipe.name}, seed ${seed}`);
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - started) / 1000;
  const cpuSeconds = (user + system) / 1e6;
  const summary = {
    recipe: recipe.name,
    objective: recipe.objective.name,
    seed,
    out,
    ...about,
    log: join(out, 'log'),
    curves,
    seconds,
    cpuSeconds,
    ...result,
  };
  const text = [
    `${verb} '${recipe.name}' (${result.parameters} parameters, ${result.steps} steps) in ${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} CPU-seconds`,
    `held out: ${formatMetrics(result.heldOut, Object.keys(result.heldOut))}`,
    `model: ${out}`,
    `curves: ${curves.join(', ')}; tensorboard --logdir ${join(out, 'log')}`,
  ];
  terminal.result(summary, text.join('\n'));
}

/** @throws RunError where `out` holds a model that nobody said to replace */
export function checkFree(out: string, force: boolean): void {
  if (existsSync(`${out}/config.json`) && !force)
    throw new RunError(`'${out}' already holds a model. Train into another folder, or replace it with --force.`);
}

function formatMetrics(metrics: Readonly<Record<string, number>>, names: readonly string[]): string {
  return names.flatMap((name) => (name in metrics ? [`${name} ${metrics[name]!.toPrecision(3)}`] : [])).join(', ');
}

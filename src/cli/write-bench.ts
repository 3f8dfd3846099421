import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { describeError } from '../core/errors.ts';
import { formatBenchMarkdown } from '../eval/bench-markdown.ts';
import type { BenchPlan } from '../eval/bench-plan.ts';
import type { BenchReport } from '../eval/bench-report.ts';
import { type RegretReport, regretSchema } from '../eval/regret-report.ts';
import type { DrawnFailure } from '../eval/report/bench-page.ts';
import { worstFailures } from '../eval/report/worst-failures.ts';
import { formatResults } from './results-table.ts';
import type { Terminal } from './terminal.ts';
import { createBenchPlayer } from './work/play-bench-job.ts';

export interface WriteBenchOptions {
  readonly report: BenchReport;
  readonly plan: BenchPlan;
  readonly out: string | undefined;
  /** Failures to draw. */
  readonly replays: number;
  readonly terminal: Terminal;
}

/** Prints a benchmark's result, and writes the report as JSON, Markdown and a page where a folder is given. */
export async function writeBench({ report, plan, out, replays, terminal }: WriteBenchOptions): Promise<void> {
  if (out !== undefined) {
    await writeFileAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFileAtomic(join(out, 'report.md'), formatBenchMarkdown(report));
    const { formatBenchPage } = await import('../eval/report/bench-page.ts');
    const failures = await drawFailures(report, plan, out, replays, terminal);
    const regrets = await readRegrets(out);
    await writeFileAtomic(join(out, 'report.html'), formatBenchPage({ report, failures, regrets }));
    terminal.note(`report: ${['html', 'md', 'json'].map((kind) => join(out, `report.${kind}`)).join(', ')}`);
  }
  terminal.result(report, formatResults(report));
}

/** Plays the worst failures again, which are the same again, and draws them. */
async function drawFailures(
  report: BenchReport,
  { lines }: BenchPlan,
  out: string,
  count: number,
  terminal: Terminal,
): Promise<DrawnFailure[]> {
  const worst = report.environment.memory == null ? worstFailures(report, count) : [];
  if (worst.length === 0) return [];
  const { writeReplay } = await import('../eval/replay/write-replay.ts');
  const { createEnvironment } = await import('../env/create-environment.ts');
  const progress = terminal.progress('drawing failures', worst.length);
  const player = createBenchPlayer();
  const drawn: DrawnFailure[] = [];
  try {
    for (const episode of worst) {
      const line = lines.find(({ task, policy }) => task.id === episode.task && policy === episode.policy)!;
      const recording = await player.record(line, episode.seed);
      const path = join(out, 'replays', `${episode.task}-${episode.policy}-${episode.seed}.webp`);
      await writeReplay(recording, createEnvironment(line.task), path, { size: 280 });
      drawn.push({ episode, film: await readFile(path) });
      progress.update(drawn.length);
    }
  } catch (error) {
    // The results stand without pictures: a merge may run where a model does not lie.
    terminal.note(`not all failures could be drawn: ${describeError(error)}`);
  } finally {
    progress.stop();
    await player.dispose();
  }
  return drawn;
}

/** What `measure-regret` wrote into the folder. */
async function readRegrets(out: string): Promise<RegretReport[]> {
  const names = (await readdir(out)).filter((name) => /^regret.*\.json$/.test(name)).sort();
  const documents = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(out, name), 'utf8'))));
  return documents.filter(({ schema }) => schema === regretSchema);
}

import type { BenchChunk } from '../eval/bench-chunk.ts';
import type { BenchJob } from '../eval/bench-line.ts';
import type { Chunks } from '../eval/bench-plan.ts';
import type { RunProgress } from '../eval/run-episodes.ts';
import type { Progress, Terminal } from './terminal.ts';

/** Shows a benchmark as it goes: a bar while a row is played, a line when it is done. */
export interface JobWatch {
  playing(job: BenchJob, progress: RunProgress): void;
  done(job: BenchJob, chunk: BenchChunk): void;
  stop(): void;
}

interface Row {
  readonly name: string;
  readonly episodes: number;
  played: number;
  solved: number;
}

/** @param kept results that need not be played */
export function watchJobs(terminal: Terminal, jobs: readonly BenchJob[], kept: Chunks): JobWatch {
  const rows = new Map<BenchJob['line'], Row>();
  const rowOf = ({ line }: BenchJob): Row => rows.get(line)!;
  for (const job of jobs) {
    const episodes = (rows.get(job.line)?.episodes ?? 0) + job.seeds.length;
    rows.set(job.line, { name: nameOf(job), episodes, played: 0, solved: 0 });
  }
  const count = (row: Row, { episodes }: BenchChunk): void => {
    row.played += episodes.length;
    row.solved += episodes.filter(({ success }) => success).length;
  };
  for (const job of jobs) {
    const chunk = kept.get(job.key);
    if (chunk !== undefined) count(rowOf(job), chunk);
  }
  const before = [...rows.values()].reduce((sum, { played }) => sum + played, 0);
  const all = [...rows.values()].reduce((sum, { episodes }) => sum + episodes, 0);
  if (before > 0) terminal.note(`${before} of ${all} episodes were played before and are kept`);

  let shown: { readonly row: Row; readonly bar: Progress } | null = null;
  const stop = (): void => {
    shown?.bar.stop();
    shown = null;
  };
  const show = (row: Row): Progress => {
    if (shown?.row !== row) {
      stop();
      const place = rows.size === 1 ? '' : `${[...rows.values()].indexOf(row) + 1}/${rows.size} `;
      shown = { row, bar: terminal.progress(`${place}${row.name}`, row.episodes) };
    }
    return shown.bar;
  };
  return {
    playing(job, { work, successes }) {
      const row = rowOf(job);
      show(row).update(row.played + work, `${row.solved + successes} solved`);
    },
    done(job, chunk) {
      const row = rowOf(job);
      count(row, chunk);
      show(row).update(row.played, `${row.solved} solved`);
      if (row.played < row.episodes) return;
      stop();
      terminal.note(`${row.name.replace(' · ', ': ')} solved ${row.solved} of ${row.episodes}`);
    },
    stop,
  };
}

function nameOf({ line: { task, policy, planner, model } }: BenchJob): string {
  const details = [planner, model?.directory === null ? null : model?.folder].filter((detail) => detail != null);
  return `${task.id} · ${policy}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { formatBenchMarkdown } from '../eval/bench-markdown.ts';
import type { BenchPlan } from '../eval/bench-plan.ts';
import type { BenchReport } from '../eval/bench-report.ts';
import { formatResults } from './results-table.ts';
import type { Terminal } from './terminal.ts';

export interface WriteBenchOptions {
  readonly report: BenchReport;
  readonly plan: BenchPlan;
  readonly out: string | undefined;
  /** Failures to draw. */
  readonly replays: number;
  readonly terminal: Terminal;
}

/** Prints a benchmark's result, and writes the report as JSON, Markdown and a page where a folder is given. */
export async function writeBench({ report, out, terminal }: WriteBenchOptions): Promise<void> {
  if (out !== undefined) {
    await writeFileAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFileAtomic(join(out, 'report.md'), formatBenchMarkdown(report));
    terminal.note(`report: ${join(out, 'report.md')}, ${join(out, 'report.json')}`);
  }
  terminal.result(report, formatResults(report));
}

import type { BenchReport } from './bench-report.ts';
import { formatPercent } from './format-share.ts';
import {
  comparisonsTable,
  environmentTable,
  foresightTable,
  pooledTable,
  resultsTable,
  rowName,
  type Table,
} from './report/bench-tables.ts';

/** The report as Markdown: tables a task, the differences, and what it takes to run it again. */
export function formatBenchMarkdown(report: BenchReport): string {
  const tasks = [...new Set(report.results.map((result) => result.task))];
  return [
    '# Benchmark',
    ...tasks.flatMap((task) => {
      const results = report.results.filter((result) => result.task === task);
      const comparisons = report.comparisons.filter((comparison) => comparison.task === task);
      return [
        `## ${task}`,
        ...markdown(resultsTable(results)),
        ...markdown(comparisonsTable(comparisons, results)),
        ...markdown(settledTable(results)),
        ...markdown(foresightTable(results)),
      ];
    }),
    ...(report.pooled.length === 0 ? [] : ['## Over training seeds', ...markdown(pooledTable(report.pooled))]),
    '## Environment',
    ...markdown(environmentTable(report)),
    '',
  ].join('\n\n');
}

/** Success against steps, at quarters of the longest episode. */
function settledTable(results: BenchReport['results']): Table {
  const known = results.filter(({ settledBy }) => settledBy !== null);
  const longest = Math.max(0, ...known.map(({ settledBy }) => settledBy!.length - 1));
  const at = [1, 2, 3, 4].map((quarter) => Math.ceil((quarter * longest) / 4));
  return {
    header: ['solved for good after', ...at.map((step) => `${step} steps`)],
    rows: known.map((result) => [
      rowName(result, results),
      ...at.map((step) =>
        formatPercent(result.settledBy!.at(Math.min(step, result.settledBy!.length - 1))! / result.episodes),
      ),
    ]),
  };
}

function markdown({ header, rows }: Table): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')];
}

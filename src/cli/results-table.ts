import type { BenchReport } from '../eval/bench-report.ts';
import { formatInterval, formatPercent } from '../eval/format-share.ts';
import { formatTable } from './table.ts';

/** The results of a report as a table for terminals. */
export function formatResults({ results, environment }: BenchReport): string {
  const rows = results.map((result) => [
    result.task,
    result.policy,
    result.planner ?? '-',
    `${result.successes}/${result.episodes}`,
    formatPercent(result.successRate),
    formatInterval(result.wilson95),
    `${result.violationEpisodes}`,
    result.planMillisecondsMedian?.toFixed(1) ?? '-',
    String(result.evaluationsPerPlan ?? '-'),
  ]);
  const header = [
    'task',
    'policy',
    'planner',
    'solved',
    'success',
    '95 % interval',
    'violating',
    'ms a plan',
    'evaluations',
  ];
  const warning =
    environment.guardrails === 'off' ? ['', 'Guardrails were OFF: this is a measurement, not a mode of use.'] : [];
  return [formatTable(header, rows), ...warning].join('\n');
}

import type { BenchComparison, BenchReport, BenchResult } from './bench-report.ts';
import type { Interval } from './metrics/wilson-interval.ts';

/** The report as Markdown: a table a task, the differences, and what it takes to run it again. */
export function formatBenchMarkdown(report: BenchReport): string {
  const tasks = [...new Set(report.results.map((result) => result.task))];
  const { models, memory, ...environment } = report.environment;
  return [
    '# Benchmark',
    ...tasks.flatMap((task) => [
      `## ${task}`,
      table(
        [
          'policy',
          'planner',
          'success',
          '95 % (Wilson)',
          'violating episodes',
          '95 % (exact)',
          'no safe plan found',
          "can't do it safely",
          'plan ms, median',
          'plan ms, P95',
          'evaluations',
        ],
        report.results.filter((result) => result.task === task).map(resultRow),
      ),
      ...differences(report.comparisons.filter((comparison) => comparison.task === task)),
    ]),
    '## Environment',
    table(
      ['', ''],
      [...Object.entries(environment), ...modelRows(models), ...memoryRows(memory)].map(([name, value]) => [
        name,
        String(value ?? '-'),
      ]),
    ),
    '',
  ].join('\n\n');
}

export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `[91.0, 97.3] %` */
export function formatInterval([low, high]: Interval): string {
  return `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}] %`;
}

function resultRow(result: BenchResult): string[] {
  return [
    result.policy,
    result.planner ?? '-',
    `${result.successes} of ${result.episodes} (${formatPercent(result.successRate)})`,
    formatInterval(result.wilson95),
    String(result.violationEpisodes),
    formatInterval(result.violationExact95),
    formatRungs(result.fallbackRungs),
    String(result.unableEpisodes),
    result.planMillisecondsMedian?.toFixed(1) ?? '-',
    result.planMillisecondsP95?.toFixed(1) ?? '-',
    String(result.evaluationsPerPlan ?? '-'),
  ];
}

/** `brake 12, least-violation 3` */
function formatRungs(rungs: Readonly<Record<string, number>>): string {
  const counts = Object.entries(rungs).map(([rung, count]) => `${rung} ${count}`);
  return counts.length === 0 ? '-' : counts.sort().join(', ');
}

function differences(comparisons: readonly BenchComparison[]): string[] {
  if (comparisons.length === 0) return [];
  const rows = comparisons.map((comparison) => {
    const { policy, planner, against, againstPlanner, difference, bootstrap95, onlyPolicy, onlyAgainst } = comparison;
    // Names alone tell policies apart, unless one plays with several planners.
    const [first, other] =
      policy === against ? [`${policy} (${planner})`, `${against} (${againstPlanner})`] : [policy, against];
    return [
      `${first} - ${other}`,
      formatPercent(difference),
      formatInterval(bootstrap95),
      `${onlyPolicy} / ${onlyAgainst}`,
      comparison.mcnemarP < 1e-4 ? '< 0.0001' : comparison.mcnemarP.toFixed(4),
    ];
  });
  return [table(['difference', 'success', '95 % (paired bootstrap)', 'only one solved', 'p (McNemar)'], rows)];
}

function modelRows(models: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(models).map(([folder, hash]) => [`model ${folder}`, hash]);
}

function memoryRows(memory: BenchReport['environment']['memory']): [string, string][] {
  return memory === null || memory === undefined ? [] : [['memory', `${memory.episodes} episodes, ${memory.hash}`]];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

import type { BenchComparison, BenchReport, BenchResult } from '../bench-report.ts';
import { formatInterval, formatPercent } from '../format-share.ts';

/** A table of text, for Markdown as for pages. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Who plays in a row; the planner and the model are named where names alone do not tell rows apart. */
export function rowName(
  { policy, planner, model }: Pick<BenchResult, 'policy' | 'planner' | 'model'>,
  others: readonly BenchResult[],
): string {
  const alike = others.filter((other) => other.policy === policy);
  const details = [
    alike.some((other) => other.planner !== planner) ? planner : null,
    alike.some((other) => other.model !== model) ? model : null,
  ].filter((detail) => detail !== null);
  return details.length === 0 ? policy : `${policy} (${details.join(', ')})`;
}

export function resultsTable(results: readonly BenchResult[]): Table {
  return {
    header: [
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
    rows: results.map((result) => [
      rowName(
        { ...result, planner: null },
        results.map((other) => ({ ...other, planner: null })),
      ),
      result.planner ?? '-',
      `${result.successes} of ${result.episodes} (${formatPercent(result.successRate)})`,
      formatInterval(result.wilson95),
      formatViolations(result),
      formatInterval(result.violationExact95),
      formatRungs(result.fallbackRungs),
      String(result.unableEpisodes),
      result.planMillisecondsMedian?.toFixed(1) ?? '-',
      result.planMillisecondsP95?.toFixed(1) ?? '-',
      String(result.evaluationsPerPlan ?? '-'),
    ]),
  };
}

/** `2: pusher 0, objects 2` */
function formatViolations(result: BenchResult): string {
  const { violationEpisodes, pusherViolationEpisodes: pusher, objectViolationEpisodes: objects } = result;
  return violationEpisodes === 0 ? '0' : `${violationEpisodes}: pusher ${pusher}, objects ${objects}`;
}

/** `brake 12, least-violation 3` */
function formatRungs(rungs: Readonly<Record<string, number>>): string {
  const counts = Object.entries(rungs).map(([rung, count]) => `${rung} ${count}`);
  return counts.length === 0 ? '-' : counts.sort().join(', ');
}

export function comparisonsTable(comparisons: readonly BenchComparison[], results: readonly BenchResult[]): Table {
  return {
    header: ['difference', 'success', '95 % (paired bootstrap)', 'only one solved', 'p (McNemar)'],
    rows: comparisons.map((comparison) => {
      const { policy, planner, model, against, againstPlanner, againstModel } = comparison;
      const first = rowName({ policy, planner, model }, results);
      const other = rowName({ policy: against, planner: againstPlanner, model: againstModel }, results);
      return [
        `${first} - ${other}`,
        formatPercent(comparison.difference),
        formatInterval(comparison.bootstrap95),
        `${comparison.onlyPolicy} / ${comparison.onlyAgainst}`,
        comparison.mcnemarP < 1e-4 ? '< 0.0001' : comparison.mcnemarP.toFixed(4),
      ];
    }),
  };
}

/** Several models as one. */
export function pooledTable(pooled: BenchReport['pooled']): Table {
  return {
    header: ['task', 'policy', 'models', 'of each', 'IQM', '95 % (bootstrap over models and episodes)'],
    rows: pooled.map(({ task, policy, planner, models, successRates, iqm, bootstrap95 }) => [
      task,
      planner === null ? policy : `${policy} (${planner})`,
      String(models.length),
      successRates.map(formatPercent).join(', '),
      formatPercent(iqm),
      formatInterval(bootstrap95),
    ]),
  };
}

/** What was imagined of guardrails and what the simulator saw, where anything was imagined or broken. */
export function foresightTable(results: readonly BenchResult[]): Table {
  const share = (part: number, of: number) => (of === 0 ? '-' : `${part} of ${of} (${formatPercent(part / of)})`);
  return {
    header: ['policy', 'steps taken as safe that broke a guardrail', 'steps feared that broke none'],
    rows: results
      .filter(({ foresight: { falseSafe, falseAlarm, alarm } }) => falseSafe + falseAlarm + alarm > 0)
      .map((result) => {
        const { safe, falseSafe, falseAlarm, alarm } = result.foresight;
        return [rowName(result, results), share(falseSafe, safe + falseSafe), share(falseAlarm, alarm + falseAlarm)];
      }),
  };
}

export function environmentTable({ environment }: BenchReport): Table {
  const { models, manifests = {}, memory, seed, ...rest } = environment;
  const rows: [string, string][] = [
    ['episodes', seed === null ? 'the frozen ones' : `of seed ${seed}, where a task has no manifest below`],
    ...Object.entries(manifests).map(([task, hash]): [string, string] => [`manifest ${task}`, hash]),
    ...Object.entries(rest).map(([name, value]): [string, string] => [name, String(value ?? '-')]),
    ...Object.entries(models).map(([folder, hash]): [string, string] => [`model ${folder}`, hash]),
  ];
  if (memory != null) rows.push(['memory', `${memory.episodes} episodes, ${memory.hash}`]);
  return { header: ['', ''], rows };
}

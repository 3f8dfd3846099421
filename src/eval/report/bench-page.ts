import type { BenchEpisode, BenchReport, BenchResult } from '../bench-report.ts';
import type { RegretReport } from '../regret-report.ts';
import {
  comparisonsTable,
  environmentTable,
  foresightTable,
  pooledTable,
  resultsTable,
  rowName,
  type Table,
} from './bench-tables.ts';
import { escapeHtml, lineChart } from './line-chart.ts';

/** A failure and its replay. */
export interface DrawnFailure {
  readonly episode: BenchEpisode;
  /** An animated WebP. */
  readonly film: Uint8Array;
}

export interface BenchPageOptions {
  readonly report: BenchReport;
  /** Worst first. */
  readonly failures: readonly DrawnFailure[];
  /** Regret against the number of candidates, where it was measured. */
  readonly regrets: readonly RegretReport[];
}

/** The report as a page in one file that loads nothing: tables, curves, and the worst failures to watch. */
export function formatBenchPage({ report, failures, regrets }: BenchPageOptions): string {
  const tasks = [...new Set(report.results.map((result) => result.task))];
  const sections = tasks.map((task) => {
    const results = report.results.filter((result) => result.task === task);
    return [
      `<h2 id="${escapeHtml(task)}">${escapeHtml(task)}</h2>`,
      html(resultsTable(results)),
      html(
        comparisonsTable(
          report.comparisons.filter((comparison) => comparison.task === task),
          results,
        ),
      ),
      html(foresightTable(results)),
      '<div class="charts">',
      settledChart(task, results),
      ...regrets.filter((regret) => regret.task === task).map(regretChart),
      '</div>',
      ...films(failures.filter(({ episode }) => episode.task === task)),
    ].join('\n');
  });
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>Benchmark</title><style>${style}</style></head><body>`,
    '<h1>Benchmark</h1>',
    `<nav>${tasks.map((task) => `<a href="#${escapeHtml(task)}">${escapeHtml(task)}</a>`).join(' · ')}</nav>`,
    ...sections,
    ...(report.pooled.length === 0 ? [] : ['<h2>Over training seeds</h2>', html(pooledTable(report.pooled))]),
    '<h2>Environment</h2>',
    html(environmentTable(report)),
    '</body></html>',
    '',
  ].join('\n');
}

function settledChart(task: string, results: readonly BenchResult[]): string {
  const known = results.filter(({ settledBy }) => settledBy !== null);
  if (known.length === 0) return '';
  return lineChart({
    title: `${task}: solved for good, against steps`,
    xLabel: 'control steps',
    yLabel: 'episodes',
    yRange: [0, 1],
    formatY: (share) => `${Math.round(100 * share)} %`,
    series: known.map((result) => ({
      name: rowName(result, results),
      stairs: true,
      points: result.settledBy!.map((count, step) => [step, count / result.episodes] as const),
    })),
  });
}

function regretChart({ task, planner, decisions, rows }: RegretReport): string {
  const curve = (name: string, of: (row: (typeof rows)[number]) => number | undefined) => ({
    name,
    points: rows.flatMap((row): [number, number][] => {
      const value = of(row);
      return value === undefined ? [] : [[Math.log2(row.evaluations), 1000 * value]];
    }),
  });
  return lineChart({
    title: `${task}: regret of ${planner}, ${decisions} decisions`,
    xLabel: 'candidates, as a power of 2',
    yLabel: 'thousandths of cost',
    series: [
      curve('plan regret, on the model', (row) => row.planRegret.mean),
      curve('broken promise', (row) => row.brokenPromise?.mean),
      curve('true regret', (row) => row.trueRegret.mean),
    ].filter(({ points }) => points.length > 0),
  });
}

function films(failures: readonly DrawnFailure[]): string[] {
  if (failures.length === 0) return [];
  const figures = failures.map(({ episode, film }) => {
    const { policy, seed, success, violationSteps, finalDistance } = episode;
    const broken = violationSteps === 0 ? '' : `, a guardrail broken for ${violationSteps} steps`;
    const caption = `${policy}, seed ${seed}: ${success ? 'solved' : `${finalDistance.toFixed(3)} left`}${broken}`;
    const source = `data:image/webp;base64,${Buffer.from(film).toString('base64')}`;
    return `<figure><img src="${source}" alt="${escapeHtml(caption)}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
  });
  return ['<h3>Worst failures</h3>', `<div class="films">${figures.join('\n')}</div>`];
}

function html({ header, rows }: Table): string {
  if (rows.length === 0) return '';
  const cells = (tag: 'td' | 'th', row: readonly string[]) => row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`);
  const head = header.some((cell) => cell !== '') ? `<thead><tr>${cells('th', header).join('')}</tr></thead>` : '';
  return `<div class="table"><table>${head}<tbody>${rows.map((row) => `<tr>${cells('td', row).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

const style = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; margin: 2rem 0 .7rem; }
.table { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .7rem; border-bottom: 1px solid #e3e3e3; vertical-align: top; }
td { white-space: nowrap; }
th { font-weight: 600; background: #f6f6f4; }
td:first-child { font-weight: 500; }
.charts, .films { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; flex: 1 1 460px; max-width: 540px; }
figcaption { font-size: 13px; color: #444; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: 12.5px; margin: .3rem 0; }
.legend i { display: inline-block; width: 14px; height: 3px; margin-right: .4em; vertical-align: middle; }
svg { width: 100%; height: auto; font-size: 11px; fill: #444; }
svg .grid { stroke: #ebebeb; } svg .axis { stroke: #999; fill: none; } svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
img { width: 100%; height: auto; border: 1px solid #e3e3e3; }
`;

import { createBenchReport, type PlayedTask } from '../../../src/eval/bench-report.ts';
import { describeProvenance } from '../../../src/eval/provenance.ts';
import { regretSchema } from '../../../src/eval/regret-report.ts';
import { formatBenchPage } from '../../../src/eval/report/bench-page.ts';
import { lineChart, ticks } from '../../../src/eval/report/line-chart.ts';
import { worstFailures } from '../../../src/eval/report/worst-failures.ts';

const environment = describeProvenance({ seed: null, device: 'native', threads: 1, guardrails: 'on', models: {} });
const play = (
  task: string,
  policy: string,
  distances: readonly number[],
  violations: readonly number[],
): PlayedTask => ({
  task,
  policy,
  planner: policy === 'agent' ? 'cem' : null,
  model: policy === 'agent' ? 'models/x' : null,
  planMilliseconds: [],
  evaluationsPerPlan: null,
  episodes: distances.map((finalDistance, seed) => ({
    seed,
    success: finalDistance < 0.05,
    steps: 4,
    violationSteps: violations[seed]!,
    violators: violations[seed]! > 0 ? ['pusher'] : [],
    finalDistance,
    fallbacks: 0,
    fallbackRungs: {},
    unable: false,
    settledAt: finalDistance < 0.05 ? seed : null,
    foresight: { safe: 3, falseSafe: violations[seed]! > 0 ? 1 : 0, falseAlarm: 0, alarm: 0 },
  })),
});

const report = createBenchReport(
  [
    play('a<b', 'agent', [0.01, 0.2, 0.3, 0.01, 0.02], [0, 0, 0, 2, 0]),
    play('a<b', 'random', [0.9, 0.9, 0.9, 0.9, 0.9], [9, 9, 9, 9, 9]),
    play('other', 'agent', [0.5, 0.01, 0.01, 0.01, 0.01], [0, 0, 0, 0, 0]),
  ],
  environment,
);

describe('worstFailures', () => {
  it('are those of the first policy: broken guardrails, then the farthest from the goal', () => {
    const names = (count: number) => worstFailures(report, count).map(({ task, policy, seed }) => [task, policy, seed]);
    expect(names(9)).toEqual([
      ['a<b', 'agent', 3],
      ['other', 'agent', 0],
      ['a<b', 'agent', 2],
      ['a<b', 'agent', 1],
    ]);
    expect(names(2)).toEqual(names(9).slice(0, 2));
  });

  it('are none where all went well', () => {
    const fine = createBenchReport(
      [play('a', 'agent', [0, 0], [0, 0]), play('a', 'random', [1, 1], [0, 0])],
      environment,
    );
    expect(worstFailures(fine, 5)).toEqual([]);
  });
});

describe('formatBenchPage', () => {
  const estimate = (mean: number) => ({ mean, standardError: 0.01 });
  const regret = {
    schema: regretSchema,
    task: 'other',
    planner: 'cem',
    model: 'x',
    seed: 0,
    episodes: 1,
    decisions: 7,
    rows: [32, 64].map((evaluations) => ({
      evaluations,
      planRegret: estimate(0.1),
      modelError: null,
      brokenPromise: null,
      trueRegret: estimate(0.2),
    })),
  } as const;
  const [worst] = worstFailures(report, 1);
  const page = formatBenchPage({
    report,
    failures: [{ episode: worst!, film: Uint8Array.of(1, 2, 3) }],
    regrets: [regret],
  });

  it('is one file that loads nothing, in which names cannot be taken for tags', () => {
    const sources = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source!);
    expect(sources.every((source) => source.startsWith('data:') || source.startsWith('#'))).toBe(true);
    expect(page).not.toMatch(/https?:|@import|url\(|<script/);
    expect(page).toContain('a&#60;b');
    expect(page).not.toContain('a<b');
  });

  it('holds the tables, the curves and the films', () => {
    expect(page).toContain('<td>3 of 5 (60.0 %)</td>');
    expect(page).toContain('agent - random');
    expect(page).toContain('solved for good, against steps');
    expect(page).toContain('regret of cem, 7 decisions');
    expect(page).toContain('src="data:image/webp;base64,AQID"');
    expect(page).toContain('seed 3: solved, a guardrail broken for 2 steps');
    // 5 x 3 steps that kept to it, one in 16 that did not.
    expect(page).toContain('<td>1 of 16 (6.3 %)</td>');
    for (const table of page.match(/<table>.*?<\/table>/gs)!) {
      const widths = table.match(/<tr>.*?<\/tr>/gs)!.map((row) => row.match(/<t[dh]>/g)!.length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});

describe('lineChart', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 45, [0, 10, 20, 30, 40]],
    [5, 10, [5, 6, 7, 8, 9, 10]],
    [-0.02, 0.03, [-0.02, -0.01, 0, 0.01, 0.02, 0.03]],
  ])('divides %d ... %d at round numbers', (low, high, expected) => {
    expect(ticks(low, high)).toEqual(expected);
  });

  it('draws stairs from corner to corner of its field', () => {
    const svg = lineChart({
      title: 't',
      xLabel: 'x',
      yLabel: 'y',
      yRange: [0, 1],
      series: [
        {
          name: 's',
          stairs: true,
          points: [
            [0, 0],
            [10, 1],
          ],
        },
      ],
    });
    expect(svg).toContain('d="M58.0,220.0H506.0V14.0"');
  });
});

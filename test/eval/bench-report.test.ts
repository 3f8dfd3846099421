import { createNoopPolicy } from '../../src/eval/baselines/noop.ts';
import { createRandomPolicy } from '../../src/eval/baselines/random.ts';
import { playBench } from '../../src/eval/bench.ts';
import { formatBenchMarkdown } from '../../src/eval/bench-markdown.ts';
import { createBenchReport, type PlayedTask, withoutTimes } from '../../src/eval/bench-report.ts';
import { exact95 } from '../../src/eval/metrics/exact-binomial.ts';
import { wilson95 } from '../../src/eval/metrics/wilson-interval.ts';
import { describeProvenance } from '../../src/eval/provenance.ts';
import type { EpisodeResult } from '../../src/eval/run-episodes.ts';
import { createPointEnvironment } from '../support/point-environment.ts';
import { createSeekingPolicy } from '../support/seeking-policy.ts';

const settings = { seed: 3, device: 'native', threads: 1, guardrails: 'on', models: { 'models/x': 'ab12' } } as const;
const environment = describeProvenance(settings);

const episode = (seed: number, success: boolean, violationSteps = 0, violators: string[] = []): EpisodeResult => ({
  seed,
  success,
  steps: 4,
  violationSteps,
  violators,
  finalDistance: 0.1,
  fallbacks: 1,
  fallbackRungs: { brake: 1 },
  unable: false,
  settledAt: success ? 3 : null,
  foresight: { safe: 4, falseSafe: 0, falseAlarm: 0, alarm: 0 },
  recording: null,
});

const play = (policy: string, outcomes: readonly boolean[], more: Partial<PlayedTask> = {}): PlayedTask => ({
  task: 'reach',
  policy,
  planner: null,
  model: null,
  planMilliseconds: [],
  evaluationsPerPlan: null,
  episodes: outcomes.map((success, seed) => episode(seed, success)),
  ...more,
});

describe('createBenchReport', () => {
  const agent = play('agent', [], {
    planner: 'icem',
    model: 'models/x',
    planMilliseconds: [5, 1, 2, 3, 4],
    evaluationsPerPlan: 96,
    episodes: [
      episode(0, true, 2, ['cup', 'pusher']),
      episode(1, true),
      episode(2, true, 1, ['cup']),
      episode(3, false),
    ],
  });
  const random = play('random', [false, false, false, true]);
  const report = createBenchReport([agent, random, { ...random, task: 'other' }], environment);

  it('counts, with intervals and times', () => {
    expect(report.schema).toBe('amitable.bench/1');
    expect(report.results[0]).toEqual({
      task: 'reach',
      policy: 'agent',
      planner: 'icem',
      model: 'models/x',
      episodes: 4,
      successes: 3,
      successRate: 0.75,
      wilson95: wilson95(3, 4),
      violationEpisodes: 2,
      violationExact95: exact95(2, 4),
      pusherViolationEpisodes: 1,
      objectViolationEpisodes: 2,
      violationSteps: 3,
      fallbackRungs: { brake: 4 },
      unableEpisodes: 0,
      planMillisecondsMedian: 3,
      planMillisecondsP95: 4.8,
      evaluationsPerPlan: 96,
      foresight: { safe: 16, falseSafe: 0, falseAlarm: 0, alarm: 0 },
      settledBy: [0, 0, 0, 3, 3],
    });
    expect(report.results[1]).toMatchObject({ planMillisecondsMedian: null, planMillisecondsP95: null });
  });

  it('lists every episode, without recordings', () => {
    expect(report.episodes).toHaveLength(12);
    expect(report.episodes[0]).toEqual({
      task: 'reach',
      policy: 'agent',
      planner: 'icem',
      model: 'models/x',
      seed: 0,
      success: true,
      steps: 4,
      violationSteps: 2,
      finalDistance: 0.1,
      fallbacks: 1,
      fallbackRungs: { brake: 1 },
      unable: false,
      settledAt: 3,
    });
  });

  it('compares the first policy of a task with each other, episode by episode', () => {
    expect(report.comparisons).toHaveLength(1);
    expect(report.comparisons[0]).toMatchObject({
      task: 'reach',
      policy: 'agent',
      against: 'random',
      onlyPolicy: 3,
      onlyAgainst: 1,
      // scipy.stats.binomtest(3, 4, 0.5).pvalue
      mcnemarP: 0.625,
      difference: 0.5,
    });
  });

  it('says what it came from', () => {
    expect(report.environment).toMatchObject({
      ...settings,
      amitable: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.versions.node,
      tensorflowjs: expect.stringMatching(/^4\./),
      onnxruntime: expect.stringMatching(/^1\./),
    });
  });

  it('differs by times only where times differ', () => {
    const slower = createBenchReport(
      [{ ...agent, planMilliseconds: [50] }, random, { ...random, task: 'other' }],
      environment,
    );
    expect(slower).not.toEqual(report);
    expect(withoutTimes(slower)).toEqual(withoutTimes(report));
  });

  it('reads as Markdown: a table a task, with as many cells in each row', () => {
    const markdown = formatBenchMarkdown(report);
    expect(markdown).toContain('## reach');
    expect(markdown).toContain('## other');
    expect(markdown).toContain('| agent | icem | 3 of 4 (75.0 %) | [30.1, 95.4] % | 2: pusher 1, objects 2 |');
    expect(markdown).toContain('| agent - random | 50.0 % |');
    expect(markdown).toContain('| model models/x | ab12 |');
    const rivals = createBenchReport([agent, { ...agent, planner: 'cem' }], environment);
    expect(formatBenchMarkdown(rivals)).toContain('| agent (icem) - agent (cem) | 0.0 % |');
    for (const block of markdown.split('\n\n').filter((part) => part.startsWith('|'))) {
      expect(new Set(block.split('\n').map((line) => line.split('|').length)).size).toBe(1);
    }
  });
});

describe('playBench', () => {
  const { task, actionSpace } = createPointEnvironment();
  const policies = {
    seeking: createSeekingPolicy,
    random: () => createRandomPolicy({ actionSpace }),
    noop: () => createNoopPolicy({ actionSpace }),
  };
  const bench = (batchSize: number, names: readonly (keyof typeof policies)[] = ['seeking', 'random', 'noop']) =>
    playBench({
      tasks: [task],
      policies: names,
      createContestant: async (name) => ({
        policy: policies[name as keyof typeof policies](),
        planner: null,
        model: null,
      }),
      createEnvironment: () => createPointEnvironment(),
      episodes: 20,
      seed: 3,
      batchSize,
    });

  it('gives every policy the same episodes, at any batch size and in any company', async () => {
    const plays = await bench(16);
    const seeds = plays.map(({ episodes }) => episodes.map(({ seed }) => seed));
    expect(seeds[1]).toEqual(seeds[0]);
    expect(seeds[2]).toEqual(seeds[0]);
    expect(await bench(1)).toEqual(plays);
    expect(await bench(16, ['noop', 'random'])).toEqual([plays[2], plays[1]]);
  });

  it('tells policies apart: who seeks finds more than chance, who rests only what was given', async () => {
    const [seeking, random, noop] = (await bench(16)).map(
      ({ episodes }) => episodes.filter((episode) => episode.success).length,
    );
    expect(seeking).toBeGreaterThan(random! + 5);
    expect(noop).toBeLessThanOrEqual(1);
  });

  it('reports each policy as it finishes, and disposes of it even when it fails', async () => {
    const finished: string[] = [];
    let disposed = 0;
    const run = playBench({
      tasks: [task],
      policies: ['fine', 'broken'],
      createContestant: async (name) => ({
        policy: {
          ...createNoopPolicy({ actionSpace }),
          ...(name === 'broken' ? { act: () => Promise.reject(new Error('out of ideas')) } : {}),
          dispose: () => {
            disposed += 1;
          },
        },
        planner: null,
        model: null,
      }),
      createEnvironment: () => createPointEnvironment(),
      episodes: 2,
      seed: 0,
      onPlayed: ({ policy }) => {
        finished.push(policy);
      },
    });
    await expect(run).rejects.toThrow('out of ideas');
    expect({ finished, disposed }).toEqual({ finished: ['fine'], disposed: 2 });
  });
});

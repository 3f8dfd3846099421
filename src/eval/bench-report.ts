import type { EpisodeRecord } from './bench-chunk.ts';
import { countViolators, type ViolatorCounts } from './count-violators.ts';
import { exact95 } from './metrics/exact-binomial.ts';
import { percentile } from './metrics/order-statistics.ts';
import { mcnemarExact, pairedBootstrap95 } from './metrics/paired-comparison.ts';
import { type Interval, wilson95 } from './metrics/wilson-interval.ts';
import { type PooledResult, poolModels } from './pool-models.ts';
import type { Provenance } from './provenance.ts';
import type { Foresight } from './run-episodes.ts';

export const benchSchema = 'amitable.bench/1';

/** What `amitable bench --json` prints. All but the `planMilliseconds...` fields is decided by seed and code. */
export interface BenchReport {
  readonly schema: typeof benchSchema;
  readonly results: readonly BenchResult[];
  readonly comparisons: readonly BenchComparison[];
  /** Several models of one policy as one: training seeds. Empty where each plays with one. */
  readonly pooled: readonly PooledResult[];
  readonly episodes: readonly BenchEpisode[];
  readonly environment: Provenance;
}

/** One policy on one task. */
export interface BenchResult extends ViolatorCounts {
  readonly task: string;
  readonly policy: string;
  /** Null for policies that do not search. */
  readonly planner: string | null;
  /** The model's folder as named in `environment.models`; null for policies without one. */
  readonly model: string | null;
  readonly episodes: number;
  readonly successes: number;
  readonly successRate: number;
  readonly wilson95: Interval;
  /** Episodes in which the simulator saw a guardrail broken, with their exact interval: they should be rare. */
  readonly violationEpisodes: number;
  readonly violationExact95: Interval;
  readonly violationSteps: number;
  /** Decisions for which no safe plan was found, by what was done instead. */
  readonly fallbackRungs: Readonly<Record<string, number>>;
  /** Episodes at whose end the policy said that it could not do this safely. */
  readonly unableEpisodes: number;
  /** Wall time of one episode's decision. Null where nothing was planned. */
  readonly planMillisecondsMedian: number | null;
  readonly planMillisecondsP95: number | null;
  /** Candidates scored for one decision. */
  readonly evaluationsPerPlan: number | null;
  /** Steps by what was imagined of guardrails and what came of them, summed over episodes. */
  readonly foresight: Foresight;
  /** Episodes solved for good after 0, 1, ... steps; null where the distance left does not tell. */
  readonly settledBy: readonly number[] | null;
}

/** The first row of a task against another one, on the same episodes. */
export interface BenchComparison {
  readonly task: string;
  readonly policy: string;
  readonly planner: string | null;
  readonly model: string | null;
  readonly against: string;
  readonly againstPlanner: string | null;
  readonly againstModel: string | null;
  /** Episodes that only one of them solved. */
  readonly onlyPolicy: number;
  readonly onlyAgainst: number;
  readonly mcnemarP: number;
  /** Difference of success rates, with its paired bootstrap interval. */
  readonly difference: number;
  readonly bootstrap95: Interval;
}

export interface BenchEpisode {
  readonly task: string;
  readonly policy: string;
  readonly planner: string | null;
  readonly model: string | null;
  readonly seed: number;
  readonly success: boolean;
  readonly steps: number;
  readonly violationSteps: number;
  readonly finalDistance: number;
  readonly fallbacks: number;
  /** How often each rung of the ladder was used. */
  readonly fallbackRungs: Readonly<Record<string, number>>;
  /** At the end the policy said that it could not do this safely. */
  readonly unable: boolean;
  /** The step after which it was solved for good; null where it was not, or where that is not known. */
  readonly settledAt: number | null;
}

/** One policy's play of one task, as the runner returned it. */
export interface PlayedTask {
  readonly task: string;
  readonly policy: string;
  readonly planner: string | null;
  readonly model: string | null;
  readonly planMilliseconds: readonly number[];
  readonly evaluationsPerPlan: number | null;
  readonly episodes: readonly EpisodeRecord[];
}

/** Summarises plays of one or several tasks; within a task, all plays are of the same episodes in the same order. */
export function createBenchReport(plays: readonly PlayedTask[], environment: Provenance): BenchReport {
  return {
    schema: benchSchema,
    results: plays.map(summarise),
    comparisons: compareWithFirst(plays),
    pooled: poolModels(plays),
    episodes: plays.flatMap(({ task, policy, planner, model, episodes }) =>
      episodes.map((episode) => listed({ task, policy, planner, model }, episode)),
    ),
    environment,
  };
}

function listed(
  who: Pick<BenchEpisode, 'task' | 'policy' | 'planner' | 'model'>,
  { seed, success, steps, violationSteps, finalDistance, fallbacks, fallbackRungs, unable, settledAt }: EpisodeRecord,
): BenchEpisode {
  return {
    ...who,
    seed,
    success,
    steps,
    violationSteps,
    finalDistance,
    fallbacks,
    fallbackRungs,
    unable,
    settledAt,
  };
}

/** The report without what the clock decides: equal for equal seeds, whatever the batch size or machine load. */
export function withoutTimes(report: BenchReport): BenchReport {
  const results = report.results.map((result) => ({
    ...result,
    planMillisecondsMedian: null,
    planMillisecondsP95: null,
  }));
  return { ...report, results };
}

function summarise(play: PlayedTask): BenchResult {
  const { task, policy, planner, model, planMilliseconds, evaluationsPerPlan, episodes } = play;
  const successes = episodes.filter((episode) => episode.success).length;
  const violationEpisodes = episodes.filter((episode) => episode.violationSteps > 0).length;
  const timed = planMilliseconds.length > 0;
  return {
    task,
    policy,
    planner,
    model,
    episodes: episodes.length,
    successes,
    successRate: successes / episodes.length,
    wilson95: wilson95(successes, episodes.length),
    violationEpisodes,
    violationExact95: exact95(violationEpisodes, episodes.length),
    ...countViolators(episodes),
    violationSteps: episodes.reduce((sum, episode) => sum + episode.violationSteps, 0),
    fallbackRungs: sumRungs(episodes),
    unableEpisodes: episodes.filter(({ unable }) => unable).length,
    planMillisecondsMedian: timed ? percentile(planMilliseconds, 50) : null,
    planMillisecondsP95: timed ? percentile(planMilliseconds, 95) : null,
    evaluationsPerPlan,
    foresight: sumForesight(episodes),
    settledBy: countSettled(episodes),
  };
}

function sumForesight(episodes: readonly EpisodeRecord[]): Foresight {
  const sum = (kind: keyof Foresight): number => episodes.reduce((all, { foresight }) => all + foresight[kind], 0);
  return { safe: sum('safe'), falseSafe: sum('falseSafe'), falseAlarm: sum('falseAlarm'), alarm: sum('alarm') };
}

function countSettled(episodes: readonly EpisodeRecord[]): number[] | null {
  if (episodes.some(({ success, settledAt }) => success && settledAt === null)) return null;
  const longest = Math.max(0, ...episodes.map(({ steps }) => steps));
  return Array.from(
    { length: longest + 1 },
    (_, step) => episodes.filter(({ settledAt }) => settledAt !== null && settledAt <= step).length,
  );
}

function sumRungs(episodes: readonly EpisodeRecord[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { fallbackRungs } of episodes)
    for (const [rung, count] of Object.entries(fallbackRungs)) sums[rung] = (sums[rung] ?? 0) + count;
  return sums;
}

function compareWithFirst(plays: readonly PlayedTask[]): BenchComparison[] {
  return plays.flatMap((other) => {
    const first = plays.find((play) => play.task === other.task)!;
    if (first === other) return [];
    const own = first.episodes.map((episode) => Number(episode.success));
    const theirs = other.episodes.map((episode) => Number(episode.success));
    const onlyPolicy = own.filter((success, i) => success > theirs[i]!).length;
    const onlyAgainst = own.filter((success, i) => success < theirs[i]!).length;
    return [
      {
        task: first.task,
        policy: first.policy,
        planner: first.planner,
        model: first.model,
        against: other.policy,
        againstPlanner: other.planner,
        againstModel: other.model,
        onlyPolicy,
        onlyAgainst,
        mcnemarP: mcnemarExact(onlyPolicy, onlyAgainst),
        difference: (onlyPolicy - onlyAgainst) / own.length,
        bootstrap95: pairedBootstrap95({ first: own, second: theirs, seed: 0 }),
      },
    ];
  });
}

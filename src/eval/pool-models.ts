import type { PlayedTask } from './bench-report.ts';
import { interquartileMean } from './metrics/order-statistics.ts';
import { iqmBootstrap95 } from './metrics/pooled-runs.ts';
import type { Interval } from './metrics/wilson-interval.ts';

/** One policy on one task with several models: training seeds, so that a lucky one makes no claim. */
export interface PooledResult {
  readonly task: string;
  readonly policy: string;
  readonly planner: string | null;
  readonly models: readonly string[];
  /** Of each model, in their order. */
  readonly successRates: readonly number[];
  /** Interquartile mean of the success rates, with the bootstrap over models and their common episodes. */
  readonly iqm: number;
  readonly bootstrap95: Interval;
}

export function poolModels(plays: readonly PlayedTask[]): PooledResult[] {
  const groups = new Map<string, PlayedTask[]>();
  for (const play of plays) {
    if (play.model === null) continue;
    const name = JSON.stringify([play.task, play.policy, play.planner]);
    groups.set(name, [...(groups.get(name) ?? []), play]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const { task, policy, planner } = group[0]!;
      const runs = group.map(({ episodes }) => episodes.map(({ success }) => Number(success)));
      const successRates = runs.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
      return {
        task,
        policy,
        planner,
        models: group.map(({ model }) => model!),
        successRates,
        iqm: interquartileMean(successRates),
        bootstrap95: iqmBootstrap95({ runs, seed: 0 }),
      };
    });
}

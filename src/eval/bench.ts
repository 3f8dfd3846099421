import type { Environment, Policy } from '../core/contracts.ts';
import type { TaskSpec } from '../core/task.ts';
import type { PlayedTask } from './bench-report.ts';
import { episodeSeeds } from './episode-seeds.ts';
import type { PrivilegedPolicy } from './privileged-policy.ts';
import { type EndedEpisode, type EpisodeResult, type RunProgress, runEpisodes } from './run-episodes.ts';

/** A policy made for one task, with what a report says of it. */
export interface Contestant {
  readonly policy: Policy | PrivilegedPolicy;
  readonly planner: string | null;
  readonly model: string | null;
  /** Keeps an episode that has ended, where this policy's episodes are to be remembered. */
  readonly remember?: (episode: EndedEpisode) => Promise<void>;
}

export interface BenchOptions {
  readonly tasks: readonly TaskSpec[];
  /** Names given to `createContestant`; comparisons are of the first against each other. */
  readonly policies: readonly string[];
  readonly createContestant: (policy: string, task: TaskSpec) => Promise<Contestant>;
  readonly createEnvironment: (task: TaskSpec) => Environment;
  readonly episodes: number;
  readonly seed: number;
  /** Episodes played in lockstep; changes no result. @defaultValue 16 */
  readonly batchSize?: number;
  /** Whether to record the episode at this index, for replays. @defaultValue none is recorded */
  readonly record?: (policy: string, index: number) => boolean;
  readonly onProgress?: (task: string, policy: string, progress: RunProgress) => void;
  /** Called when a policy has finished a task. */
  readonly onPlayed?: (played: PlayedTask) => void | Promise<void>;
}

/** With recordings, where they were asked for. */
export interface RecordedTask extends PlayedTask {
  readonly episodes: readonly EpisodeResult[];
}

/** Plays every policy on the same held-out episodes of every task. */
export async function playBench(options: BenchOptions): Promise<RecordedTask[]> {
  const { tasks, policies, createContestant, createEnvironment, seed, batchSize = 16, record, onProgress } = options;
  const plays: RecordedTask[] = [];
  for (const task of tasks) {
    const seeds = episodeSeeds(seed, task.id, options.episodes);
    for (const name of policies) {
      const { policy, planner, model, remember } = await createContestant(name, task);
      try {
        const episodes = await runEpisodes({
          policy,
          createEnvironment: () => createEnvironment(task),
          seeds,
          batchSize,
          ...(remember === undefined ? {} : { onEnded: remember }),
          ...(record === undefined ? {} : { record: (index: number) => record(name, index) }),
          ...(onProgress === undefined
            ? {}
            : { onProgress: (progress: RunProgress) => onProgress(task.id, name, progress) }),
        });
        const played: RecordedTask = {
          task: task.id,
          policy: name,
          planner,
          model,
          planMilliseconds: policy.planMilliseconds ?? [],
          evaluationsPerPlan: policy.evaluationsPerPlan ?? null,
          episodes,
        };
        plays.push(played);
        await options.onPlayed?.(played);
      } finally {
        await policy.dispose?.();
      }
    }
  }
  return plays;
}

import type { Environment } from '../core/contracts.ts';
import type { Contestant } from './bench.ts';
import type { BenchChunk } from './bench-chunk.ts';
import type { BenchJob } from './bench-line.ts';
import { type RunProgress, runEpisodes } from './run-episodes.ts';

export interface PlayJobOptions {
  readonly job: Pick<BenchJob, 'key' | 'seeds'>;
  readonly contestant: Contestant;
  readonly createEnvironment: () => Environment;
  /** Changes no result. @defaultValue 16 */
  readonly batchSize?: number;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** Plays a job's episodes. */
export async function playJob({ job, contestant, createEnvironment, ...more }: PlayJobOptions): Promise<BenchChunk> {
  const { policy, planner, remember } = contestant;
  const decisionsBefore = policy.planMilliseconds?.length ?? 0;
  const { batchSize, onProgress } = more;
  const results = await runEpisodes({
    policy,
    createEnvironment,
    seeds: job.seeds,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(remember === undefined ? {} : { onEnded: remember }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const times = policy.planMilliseconds?.slice(decisionsBefore) ?? [];
  return {
    schema: 'amitable.bench-chunk/1',
    key: job.key,
    planner,
    evaluationsPerPlan: policy.evaluationsPerPlan ?? null,
    planMilliseconds: times.map((milliseconds) => Math.round(1000 * milliseconds) / 1000),
    episodes: results.map(({ recording: _, ...episode }) => ({
      ...episode,
      fallbackRungs: { ...episode.fallbackRungs },
    })),
  };
}

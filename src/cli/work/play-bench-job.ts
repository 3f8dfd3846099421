import { contentHash } from '../../core/content-hash.ts';
import { RunError } from '../../core/errors.ts';
import type { DeviceName } from '../../engine/program.ts';
import type { Contestant } from '../../eval/bench.ts';
import type { BenchChunk } from '../../eval/bench-chunk.ts';
import type { BenchJob } from '../../eval/bench-line.ts';
import { readManifest, withFrozenStarts } from '../../eval/episode-manifest.ts';
import { playJob } from '../../eval/play-job.ts';
import type { Recording } from '../../eval/recording.ts';
import { type RunProgress, runEpisodes } from '../../eval/run-episodes.ts';
import type { PlannerName } from '../../planner/create-planner.ts';
import { createContestants } from '../create-contestants.ts';
import type { Memories } from '../memories.ts';

export interface BenchPlayer {
  play(job: BenchJob, onProgress?: (progress: RunProgress) => void): Promise<BenchChunk>;
  /** Plays one episode as it was played in a job of that line, and records it. */
  record(line: BenchJob['line'], seed: number): Promise<Recording>;
  dispose(): Promise<void>;
}

export interface BenchPlayerOptions {
  /** Changes no result. @defaultValue 16 */
  readonly batchSize?: number | undefined;
  /** @defaultValue nothing is recalled or remembered */
  readonly memories?: Memories | undefined;
}

/** Plays jobs one after the other. The last policy is kept: the next job is mostly one for it too. */
export function createBenchPlayer({ batchSize, memories }: BenchPlayerOptions = {}): BenchPlayer {
  let kept: { readonly key: string; readonly contestant: Contestant } | null = null;
  const dispose = async (): Promise<void> => {
    const old = kept;
    kept = null;
    await old?.contestant.policy.dispose?.();
  };

  const contestantFor = async (line: BenchJob['line']): Promise<Contestant> => {
    const key = contentHash(line);
    if (kept?.key === key) return kept.contestant;
    await dispose();
    const { model, guardrails, threads } = line;
    const contestants = createContestants({
      planner: (line.planner ?? undefined) as PlannerName | undefined,
      evaluations: line.evaluations ?? undefined,
      horizon: line.horizon ?? undefined,
      critic: line.critic ?? undefined,
      model: model?.directory ?? undefined,
      guardrails,
      device: line.device as DeviceName,
      threads,
      ...(memories === undefined ? {} : { memories }),
    });
    const here = await contestants.modelOf(line.policy, line.task);
    if (here?.hash !== model?.hash) {
      throw new RunError(`the model in '${model?.folder}' is ${here?.hash}, the benchmark is of ${model?.hash}`);
    }
    const contestant = await contestants.create(line.policy, line.task);
    kept = { key, contestant };
    return contestant;
  };

  return {
    async play(job, onProgress) {
      const { task, manifest: hash } = job.line;
      const { createEnvironment } = await import('../../env/create-environment.ts');
      const manifest = hash === null ? null : readManifest(task);
      const create = () => {
        const environment = createEnvironment(task);
        return manifest === null ? environment : withFrozenStarts(environment, manifest);
      };
      return playJob({
        job,
        contestant: await contestantFor(job.line),
        createEnvironment: create,
        ...(batchSize === undefined ? {} : { batchSize }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
    },
    async record(line, seed) {
      const { createEnvironment } = await import('../../env/create-environment.ts');
      const { policy } = await contestantFor(line);
      const create = () => createEnvironment(line.task);
      const [episode] = await runEpisodes({ policy, createEnvironment: create, seeds: [seed], record: () => true });
      return episode!.recording!;
    },
    dispose,
  };
}

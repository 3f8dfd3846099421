import { type BenchChunk, decodeChunk, encodeChunk } from '../../eval/bench-chunk.ts';
import type { BenchJob } from '../../eval/bench-line.ts';
import type { Chunks } from '../../eval/bench-plan.ts';
import type { ResultStore } from '../../eval/result-store.ts';
import type { Memories } from '../memories.ts';
import type { Terminal } from '../terminal.ts';
import { watchJobs } from '../watch-jobs.ts';
import { createBenchPlayer } from './play-bench-job.ts';

export interface PlayJobsOptions {
  readonly jobs: readonly BenchJob[];
  /** Where results are kept, and looked for before anything is played; null: nowhere. */
  readonly store: ResultStore | null;
  readonly batchSize: number;
  readonly memories: Memories;
  readonly terminal: Terminal;
}

/** Plays the jobs that have no result yet, here and one after the other. */
export async function playJobs({ jobs, store, terminal, ...options }: PlayJobsOptions): Promise<Chunks> {
  const chunks = await keptChunks(jobs, store);
  const watch = watchJobs(terminal, jobs, chunks);
  const player = createBenchPlayer(options);
  try {
    for (const job of jobs) {
      if (chunks.has(job.key)) continue;
      const chunk = await player.play(job, (progress) => watch.playing(job, progress));
      await store?.put(job.key, new TextEncoder().encode(encodeChunk(chunk)));
      chunks.set(job.key, chunk);
      watch.done(job, chunk);
    }
  } finally {
    watch.stop();
    await player.dispose();
  }
  return chunks;
}

/** The results that are there already. */
export async function keptChunks(
  jobs: readonly BenchJob[],
  store: ResultStore | null,
): Promise<Map<string, BenchChunk>> {
  const chunks = new Map<string, BenchChunk>();
  if (store === null) return chunks;
  for (const job of jobs) {
    const bytes = await store.get(job.key);
    if (bytes === null) continue;
    chunks.set(job.key, decodeChunk(new TextDecoder().decode(bytes), job, store.pathOf(job.key)));
  }
  return chunks;
}

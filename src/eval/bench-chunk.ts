import { z } from 'zod';
import { RunError } from '../core/errors.ts';
import type { BenchJob } from './bench-line.ts';
import type { EpisodeResult } from './run-episodes.ts';

const count = z.number().int().min(0);

const episode = z.strictObject({
  seed: count,
  success: z.boolean(),
  steps: count,
  violationSteps: count,
  violators: z.array(z.string()).readonly(),
  finalDistance: z.number(),
  fallbacks: count,
  fallbackRungs: z.record(z.string(), count),
  unable: z.boolean(),
  settledAt: count.nullable(),
  foresight: z.strictObject({ safe: count, falseSafe: count, falseAlarm: count, alarm: count }),
});

const schema = z.strictObject({
  schema: z.literal('amitable.bench-chunk/1'),
  key: z.string(),
  /** The planner that was played with; null for who does not search. */
  planner: z.string().nullable(),
  evaluationsPerPlan: z.number().nullable(),
  /** Wall times of single decisions: the only numbers here that differ when the same is played again. */
  planMilliseconds: z.array(z.number()),
  episodes: z.array(episode),
});

/** What came of a `BenchJob`. */
export type BenchChunk = z.infer<typeof schema>;
export type EpisodeRecord = Omit<EpisodeResult, 'recording'>;

export function encodeChunk(chunk: BenchChunk): string {
  return `${JSON.stringify(chunk)}\n`;
}

/** @throws RunError where the text is not the result of that job */
export function decodeChunk(text: string, job: Pick<BenchJob, 'key' | 'seeds'>, source: string): BenchChunk {
  return checkChunk(parse(text, source), job, source);
}

export function checkChunk(data: unknown, { key, seeds }: Pick<BenchJob, 'key' | 'seeds'>, source: string): BenchChunk {
  const result = schema.safeParse(data);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new RunError(`${source} is not a benchmark's result: ${issue!.path.join('.') || 'it'}: ${issue!.message}`);
  }
  const chunk = result.data;
  if (chunk.key !== key || chunk.episodes.map(({ seed }) => seed).join() !== seeds.join()) {
    throw new RunError(`${source} is the result of other episodes than asked for: remove it and run again`);
  }
  return chunk;
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RunError(`${source} is damaged: it is not JSON. Remove it and run again.`);
  }
}

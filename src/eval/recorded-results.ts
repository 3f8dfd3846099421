import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RunError, unknownName } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import type { BenchReport } from './bench-report.ts';

const count = z.number().int().min(0);

/** What counting gives: it comes out the same or it does not. */
const counts = z.strictObject({
  task: z.string(),
  policy: z.string(),
  planner: z.string().nullable(),
  model: z.string().nullable(),
  episodes: count,
  successes: count,
  violationEpisodes: count,
  violationSteps: count,
});

const row = z.strictObject({
  id: z.string(),
  /** The words after `amitable`. */
  command: z.array(z.string()).min(1),
  /** SHA-256 of each model that was used, by its folder. */
  models: z.record(z.string(), z.string()),
  expected: z.array(counts),
});

const schema = z.strictObject({ schema: z.literal('amitable.results/1'), rows: z.array(row).min(1) });

/** A published number: the call that made it, and what it counted. */
export type RecordedResult = z.infer<typeof row>;
export type RecordedResults = z.infer<typeof schema>;
export type Counts = z.infer<typeof counts>;

export function recordedResultsPath(): string {
  return join(packageRoot(), 'bench', 'results.json');
}

export function readRecordedResults(path = recordedResultsPath()): RecordedResults {
  const result = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RunError(`${path} is not a table of results: ${issue!.path.join('.')}: ${issue!.message}`);
}

/** @throws UsageError for an unknown id, with the known ones */
export function recordedResult({ rows }: RecordedResults, id: string): RecordedResult {
  const found = rows.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw unknownName(
    'result',
    id,
    rows.map((each) => each.id),
  );
}

export function countsOf({ results }: BenchReport): Counts[] {
  return results.map(
    ({ task, policy, planner, model, episodes, successes, violationEpisodes, violationSteps }): Counts => ({
      task,
      policy,
      planner,
      model,
      episodes,
      successes,
      violationEpisodes,
      violationSteps,
    }),
  );
}

/** A number that was published, and what it is now. */
export interface Reproduced {
  readonly task: string;
  readonly policy: string;
  readonly count: string;
  readonly recorded: number | null;
  readonly now: number | null;
}

/** Every count of every row, recorded and now; null where there is no such row. There is no tolerance. */
export function compareCounts(recorded: readonly Counts[], now: readonly Counts[]): Reproduced[] {
  const key = ({ task, policy, planner, model }: Counts): string => JSON.stringify([task, policy, planner, model]);
  const before = new Map(recorded.map((each) => [key(each), each]));
  const after = new Map(now.map((each) => [key(each), each]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const { task, policy } = (before.get(name) ?? after.get(name))!;
    return (['episodes', 'successes', 'violationEpisodes', 'violationSteps'] as const).map((field) => ({
      task,
      policy,
      count: field,
      recorded: before.get(name)?.[field] ?? null,
      now: after.get(name)?.[field] ?? null,
    }));
  });
}

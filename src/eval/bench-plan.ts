import { contentHash } from '../core/content-hash.ts';
import { RunError } from '../core/errors.ts';
import { type BenchChunk, checkChunk } from './bench-chunk.ts';
import { type BenchJob, type BenchLine, jobsOf, type Shard } from './bench-line.ts';
import { type BenchReport, createBenchReport, type PlayedTask } from './bench-report.ts';
import type { Provenance } from './provenance.ts';

/** All that a benchmark is to play. Equal plans have equal results, wherever and in whatever parts they are played. */
export interface BenchPlan {
  /** From `codeVersion`. */
  readonly code: string;
  readonly lines: readonly BenchLine[];
}

/** Results by their job's key. */
export type Chunks = ReadonlyMap<string, BenchChunk>;

export function jobsOfPlan({ code, lines }: BenchPlan): BenchJob[] {
  return lines.flatMap((line) => jobsOf(line, code));
}

/** @throws RunError where results are missing */
export function reportOf(plan: BenchPlan, chunks: Chunks, environment: Provenance): BenchReport {
  const plays = plan.lines.map((line): PlayedTask => {
    const own = jobsOf(line, plan.code).map(({ key }) => chunks.get(key));
    const played = own.filter((chunk) => chunk !== undefined);
    if (played.length < own.length) {
      throw new RunError(
        `${own.length - played.length} of ${own.length} parts of '${line.policy}' on '${line.task.id}' are missing`,
      );
    }
    return {
      task: line.task.id,
      policy: line.policy,
      planner: played[0]?.planner ?? null,
      model: line.model?.folder ?? null,
      planMilliseconds: played.flatMap(({ planMilliseconds }) => planMilliseconds),
      evaluationsPerPlan: played[0]?.evaluationsPerPlan ?? null,
      episodes: played.flatMap(({ episodes }) => episodes),
    };
  });
  return createBenchReport(plays, environment);
}

export const shardSchema = 'amitable.bench-shard/1';

/** What `bench --shard i/n` writes. */
export interface BenchShard {
  readonly schema: typeof shardSchema;
  readonly shard: Shard;
  readonly plan: BenchPlan;
  readonly environment: Provenance;
  readonly chunks: readonly BenchChunk[];
}

export interface NamedShard {
  /** For messages. */
  readonly source: string;
  readonly shard: BenchShard;
}

/**
 * The report that one machine would have written, had it played all of it; but for times.
 * @throws RunError where shards are of different benchmarks, or where one is missing or there twice
 */
export function mergeShards(shards: readonly NamedShard[]): BenchReport {
  const [first] = shards;
  if (first === undefined) throw new RunError('there are no shards to merge');
  const { plan, shard: part } = first.shard;
  const identity = identityOf(plan);
  const sourceOf = new Map<number, string>();
  for (const { source, shard } of shards) {
    if (identityOf(shard.plan) !== identity || shard.shard.of !== part.of) {
      throw new RunError(`${source} is of another benchmark than ${first.source}: ${differenceOf(first.shard, shard)}`);
    }
    const twin = sourceOf.get(shard.shard.index);
    if (twin !== undefined) throw new RunError(`${source} and ${twin} are both shard ${shard.shard.index}/${part.of}`);
    sourceOf.set(shard.shard.index, source);
  }
  const missing = Array.from({ length: part.of }, (_, i) => i + 1).filter((index) => !sourceOf.has(index));
  if (missing.length > 0) throw new RunError(`shards are missing: ${missing.join(', ')} of ${part.of}`);

  const jobs = new Map(jobsOfPlan(plan).map((job) => [job.key, job]));
  const chunks = new Map<string, BenchChunk>();
  for (const { source, shard } of shards) {
    for (const chunk of shard.chunks) {
      const job = jobs.get(chunk.key);
      if (job === undefined) throw new RunError(`${source} holds results that its plan does not ask for`);
      chunks.set(chunk.key, checkChunk(chunk, job, source));
    }
  }
  return reportOf(plan, chunks, shards.map(({ shard }) => shard.environment).reduce(mergeProvenance));
}

/** What a plan decides: the same for a model in another folder. */
function identityOf(plan: BenchPlan): string {
  return contentHash(jobsOfPlan(plan).map(({ key }) => key));
}

function differenceOf(one: BenchShard, other: BenchShard): string {
  if (one.shard.of !== other.shard.of) return `it is one of ${other.shard.of} parts, not of ${one.shard.of}`;
  if (one.plan.code !== other.plan.code) return 'it was played by other code';
  if (one.plan.lines.length !== other.plan.lines.length) return 'it has other tasks or policies';
  const [a, b] = one.plan.lines.flatMap((line, i): [BenchLine, BenchLine][] => {
    const twin = other.plan.lines[i]!;
    return contentHash(line) === contentHash(twin) ? [] : [[line, twin]];
  })[0]!;
  const fields = (Object.keys(a) as (keyof BenchLine)[]).filter((key) => contentHash(a[key]) !== contentHash(b[key]));
  return `of '${a.policy}' on '${a.task.id}' these differ: ${fields.join(', ')}`;
}

/** Several machines as one: what they differ in is listed. */
function mergeProvenance(one: Provenance, other: Provenance): Provenance {
  const both = (a: string | null, b: string | null): string | null =>
    a === b ? a : [...new Set([...(a?.split(' + ') ?? []), ...(b?.split(' + ') ?? [])])].sort().join(' + ');
  return {
    ...one,
    commit: both(one.commit, other.commit),
    node: both(one.node, other.node)!,
    platform: both(one.platform, other.platform)!,
    cpu: both(one.cpu, other.cpu)!,
    cores: Math.max(one.cores, other.cores),
  };
}

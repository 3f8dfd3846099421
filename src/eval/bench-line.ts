import type { CriticUse } from '../agent/with-critic.ts';
import { contentHash } from '../core/content-hash.ts';
import { UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';

/** One row of a benchmark as it is asked for: who plays what, and all that decides how. Plain data. */
export interface BenchLine {
  readonly task: TaskSpec;
  readonly policy: string;
  /** Null: as its model says, or who does not search. */
  readonly planner: string | null;
  readonly evaluations: number | 'as-model' | null;
  /** Null: as its model says. */
  readonly horizon: number | null;
  /** Null: nobody asks a critic. */
  readonly critic: CriticUse['at'] | null;
  readonly guardrails: 'on' | 'off';
  /** Null for policies without one. */
  readonly model: NamedModel | null;
  readonly device: string;
  readonly threads: number;
  /** SHA-256 of the manifest that the episodes are from; null where they are derived from a seed. */
  readonly manifest: string | null;
  /** One episode each. */
  readonly seeds: readonly number[];
}

export interface NamedModel {
  /** As reports name it. */
  readonly folder: string;
  /** Where it lies; null for the package's own model of the task's world. */
  readonly directory: string | null;
  readonly hash: string;
}

/** Some episodes of a line: what is played, kept, handed out and played again as one. Plain data. */
export interface BenchJob {
  /**
   * SHA-256 over all that decides the result: the code, the task, the policy and its settings, the model's content,
   * the seeds. Whoever has a result of this key need not play.
   */
  readonly key: string;
  /** Without its seeds. */
  readonly line: Omit<BenchLine, 'seeds'>;
  readonly seeds: readonly number[];
}

/** Episodes of a job: few enough to lose little when a machine dies, many enough to be worth the way to another. */
export const episodesPerJob = 10;

/** The jobs of a line, in the order of its seeds. `code`: from `codeVersion`. */
export function jobsOf({ seeds, ...line }: BenchLine, code: string, size = episodesPerJob): BenchJob[] {
  const { model, manifest: _, ...settings } = line;
  return Array.from({ length: Math.ceil(seeds.length / size) }, (_, i) => {
    const own = seeds.slice(i * size, (i + 1) * size);
    // The folder's name and where seeds come from decide nothing.
    const key = contentHash({ kind: 'bench', code, ...settings, model: model?.hash ?? null, seeds: own });
    return { key, line, seeds: own };
  });
}

/** The `index`-th of `of` parts, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** What a shard has to do: every `of`-th item, so that all shards get about as much of each line. */
export function inShard<T>(items: readonly T[], { index, of }: Shard): T[] {
  return items.filter((_, i) => i % of === index - 1);
}

/** `2/7` @throws UsageError */
export function parseShard(text: string, flag: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim())?.map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new UsageError(`${flag} is i/n with i from 1 to n, as 2/7; got '${text}'`);
  }
  return { index, of };
}

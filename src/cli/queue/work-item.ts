import { contentHash } from '../../core/content-hash.ts';
import type { TaskSpec } from '../../core/task.ts';
import type { BenchJob } from '../../eval/bench-line.ts';
import type { CollectingPolicy } from '../../eval/collect/policies.ts';
import type { Recipe } from '../../training/recipe.ts';

/** A piece of work that any machine with this code can do, with the same result. Plain data. */
export type WorkItem = BenchItem | CollectItem | TrainItem;

interface Keyed {
  /** SHA-256 over all that decides the result, the code among it. */
  readonly key: string;
}

export interface BenchItem extends Keyed {
  readonly kind: 'bench';
  readonly job: BenchJob;
}

export interface CollectItem extends Keyed {
  readonly kind: 'collect';
  readonly task: TaskSpec;
  readonly policy: CollectingPolicy;
  readonly steps: number | null;
  readonly seeds: readonly number[];
}

export interface TrainItem extends Keyed {
  readonly kind: 'train';
  readonly recipe: Recipe;
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
}

export function benchItem(job: BenchJob): BenchItem {
  return { kind: 'bench', key: job.key, job };
}

export function collectItem(code: string, what: Omit<CollectItem, 'kind' | 'key'>): CollectItem {
  return { kind: 'collect', key: contentHash({ kind: 'collect', code, ...what }), ...what };
}

export function trainItem(code: string, what: Omit<TrainItem, 'kind' | 'key'>): TrainItem {
  return { kind: 'train', key: contentHash({ kind: 'train', code, ...what }), ...what };
}

import { UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
import { readManifest } from './episode-manifest.ts';
import { episodeSeeds } from './episode-seeds.ts';

export interface ChosenEpisodes {
  readonly seeds: readonly number[];
  /** SHA-256 of the manifest they are from; null where they are derived from a seed. */
  readonly manifest: string | null;
}

/**
 * The episodes that a benchmark plays of a task: the first of its frozen ones, or those of `seed` where one is given or
 * the task has no manifest.
 *
 * @throws RunError where the manifest is not what was frozen, UsageError where it has fewer
 */
export function chooseEpisodes(task: TaskSpec, count: number, seed?: number): ChosenEpisodes {
  const manifest = seed === undefined ? readManifest(task) : null;
  if (manifest === null) return { seeds: episodeSeeds(seed ?? 0, task.id, count), manifest: null };
  const { episodes, hash } = manifest;
  if (count > episodes.length) {
    throw new UsageError(
      `'${task.id}' has ${episodes.length} frozen episodes, ${count} were asked for: --seed N plays others`,
    );
  }
  return { seeds: episodes.slice(0, count).map(([episodeSeed]) => episodeSeed), manifest: hash };
}

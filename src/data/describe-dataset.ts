import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from './dataset-reader.ts';
import { formatVersion } from './manifest.ts';

/** What a data set holds, for people and for JSON. */
export interface DatasetDescription {
  readonly format: string;
  readonly taskId: string;
  readonly policy: string;
  readonly seed: number;
  readonly episodes: number;
  readonly steps: number;
  readonly shortestEpisode: number;
  readonly longestEpisode: number;
  readonly successes: number;
  /** [height, width, channels] */
  readonly frameShape: readonly number[];
  readonly actionSize: number;
  readonly columns: readonly string[];
  readonly megabytes: number;
}

/** @throws RunError where the folder is no whole data set. */
export async function describeDataset(directory: string): Promise<DatasetDescription> {
  const { manifest, info, episodes } = await openDataset(directory);
  const lengths = episodes.map(({ length }) => length);
  return {
    format: `LeRobot ${formatVersion}`,
    taskId: manifest.task.id,
    policy: manifest.policy,
    seed: manifest.seed,
    episodes: episodes.length,
    steps: info.total_frames,
    shortestEpisode: lengths.reduce((least, length) => Math.min(least, length)),
    longestEpisode: lengths.reduce((most, length) => Math.max(most, length)),
    successes: episodes.filter(({ success }) => success).length,
    frameShape: manifest.frameShape,
    actionSize: manifest.actionSize,
    columns: Object.keys(info.features),
    megabytes: (await folderBytes(directory)) / 1e6,
  };
}

async function folderBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

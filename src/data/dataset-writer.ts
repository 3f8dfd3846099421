import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
import { createDataFiles } from './data-files.ts';
import type { Episode } from './episode.ts';
import { describeFeatures, type FeatureSizes } from './features.ts';
import { type Manifest, paths } from './manifest.ts';
import { createEpisodeTable, type EpisodeRow, infoDocument, readmeText, writeTaskTable } from './metadata-files.ts';

export interface DatasetWriterOptions extends FeatureSizes {
  /** A folder that does not exist yet. */
  readonly directory: string;
  readonly task: TaskSpec;
  /** The name of whoever acts. */
  readonly policy: string;
  /** The seed that every episode's own is derived from. */
  readonly seed: number;
  /** Control steps a second. @defaultValue 10 */
  readonly framesPerSecond?: number;
  /** A file of data that has grown beyond this is closed and the next begun. @defaultValue 100 */
  readonly fileMegabytes?: number;
}

/**
 * Writes episodes in the LeRobot v3 layout. The folder appears under its name when all of it is written and not
 * before: whoever is killed meanwhile leaves a `.partial` folder beside it and nothing else.
 */
export interface DatasetWriter {
  /** Episodes are kept in the order they are added, one Parquet row group each. */
  add(episode: Episode): Promise<void>;
  /** Writes what describes the whole and gives the folder its name. */
  finish(): Promise<void>;
  /** Removes all that was written. */
  abandon(): Promise<void>;
}

/** @throws UsageError where something lies at `directory` already. */
export async function createDatasetWriter(options: DatasetWriterOptions): Promise<DatasetWriter> {
  const { task, policy, seed, framesPerSecond = 10, fileMegabytes = 100 } = options;
  const { frameShape, actionSize, stateSize, truthNames, proprioceptionNames } = options;
  const directory = resolve(options.directory);
  await requireFree(directory);
  const partial = `${directory}.${randomBytes(4).toString('hex')}.partial`;
  await mkdir(partial, { recursive: true });

  const features = describeFeatures({ frameShape, actionSize, stateSize, truthNames, proprioceptionNames });
  const files = createDataFiles({ directory: partial, features, framesPerSecond, fileMegabytes });
  const episodes: EpisodeRow[] = [];
  const taskText = task.description ?? task.id;

  return {
    async add(episode) {
      checkEpisode(episode, options);
      const { file, fromIndex, toIndex } = await files.add(episode, episodes.length);
      episodes.push({
        seed: episode.seed,
        length: episode.steps.length,
        task: taskText,
        success: episode.steps.at(-1)!.nextSuccess,
        file,
        fromIndex,
        toIndex,
      });
    },
    async finish() {
      if (episodes.length === 0) throw new UsageError('a data set needs at least one episode');
      await files.close();
      const manifest: Manifest = {
        schema: 'amitable.dataset/1',
        task: JSON.parse(JSON.stringify(task)),
        policy,
        seed,
        frameShape: [...frameShape],
        actionSize,
        stateSize,
        truthNames: [...truthNames],
        ...(proprioceptionNames === undefined ? {} : { proprioceptionNames: [...proprioceptionNames] }),
      };
      const write = async (path: string, content: string | Uint8Array) => {
        await mkdir(dirname(join(partial, path)), { recursive: true });
        await writeFile(join(partial, path), content);
      };
      const json = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`;
      await write(paths.info, json(infoDocument(features, episodes, framesPerSecond, fileMegabytes)));
      await write(paths.stats, json(files.statistics()));
      await write(paths.tasks, writeTaskTable([taskText]));
      await write(paths.episodes, createEpisodeTable(episodes));
      await write(paths.manifest, json(manifest));
      await write(paths.readme, readmeText(manifest, episodes));
      await requireFree(directory);
      await rmdir(directory).catch(() => {}); // an empty folder makes room; anything else makes the rename fail
      await rename(partial, directory);
    },
    async abandon() {
      await files.close();
      await rm(partial, { recursive: true, force: true });
    },
  };
}

async function requireFree(directory: string): Promise<void> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(`'${directory}' cannot hold a data set: ${error.message}`);
  });
  if (entries.length > 0) {
    throw new UsageError(`'${directory}' exists and is not empty: name another folder, or remove it first`);
  }
}

function checkEpisode({ seed, steps, frames }: Episode, options: DatasetWriterOptions): void {
  const { frameShape, actionSize, stateSize, truthNames, proprioceptionNames = [] } = options;
  const fail = (what: string) => {
    throw new UsageError(`the episode of seed ${seed} does not fit the data set: ${what}`);
  };
  if (steps.length === 0) fail('it has no steps');
  if (frames.length !== steps.length) fail(`${frames.length} frames for ${steps.length} steps`);
  for (const frame of frames) {
    if (frame.shape.join() !== frameShape.join())
      fail(`a frame is ${frame.shape.join('x')}, not ${frameShape.join('x')}`);
  }
  for (const { action, proprioception = [], state, truth } of steps) {
    if (action.length !== actionSize) fail(`an action has ${action.length} numbers, not ${actionSize}`);
    if (state.length !== stateSize) fail(`a state has ${state.length} numbers, not ${stateSize}`);
    if (proprioception.length !== proprioceptionNames.length) {
      fail(`a proprioception has ${proprioception.length} numbers, not ${proprioceptionNames.length}`);
    }
    if (truth.length !== truthNames.length) fail(`a truth has ${truth.length} numbers, not ${truthNames.length}`);
  }
}

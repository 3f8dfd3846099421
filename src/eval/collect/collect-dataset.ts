import { proprioceptionNames } from '../../core/contracts.ts';
import type { TaskSpec } from '../../core/task.ts';
import { createDatasetWriter } from '../../data/dataset-writer.ts';
import { truthNames } from '../../data/episode.ts';
import { createEnvironment } from '../../env/create-environment.ts';
import type { EpisodeSource } from './episode-source.ts';

export interface CollectDatasetOptions {
  readonly source: EpisodeSource;
  /** One episode each, in this order. */
  readonly seeds: readonly number[];
  readonly task: TaskSpec;
  /** The name of whoever acts, and the seed that `seeds` come from: for the record. */
  readonly policy: string;
  readonly seed: number;
  /** A folder that does not exist yet. */
  readonly directory: string;
  /** Called after each episode: how many there are, and how many decisions this one had. */
  readonly onEpisode?: (done: number, steps: number) => void;
}

/** Collects a data set, one episode in memory at a time. Whatever goes wrong, no half of it is left behind. */
export async function collectDataset(options: CollectDatasetOptions): Promise<void> {
  const { source, seeds, task, policy, seed, directory, onEpisode } = options;
  const environment = createEnvironment(task);
  const { observation, info } = environment.reset({ seed });
  const writer = await createDatasetWriter({
    directory,
    task,
    policy,
    seed,
    frameShape: environment.frameShape,
    actionSize: environment.actionSpace.size,
    stateSize: environment.getState().length,
    truthNames: truthNames(info.truth),
    ...(observation.proprioception === undefined ? {} : { proprioceptionNames }),
  });
  try {
    for (const [i, episodeSeed] of seeds.entries()) {
      const episode = await source(episodeSeed);
      await writer.add(episode);
      onEpisode?.(i + 1, episode.steps.length);
    }
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

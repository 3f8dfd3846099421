import { rm } from 'node:fs/promises';
import { deriveSeed } from '../../core/rng.ts';
import type { Episode } from '../../data/episode.ts';
import { episodesPerJob } from '../../eval/bench-line.ts';
import { codeVersion } from '../../eval/code-version.ts';
import type { EpisodeSource } from '../../eval/collect/episode-source.ts';
import { collectingPolicies } from '../../eval/collect/policies.ts';
import { createResultStore } from '../../eval/result-store.ts';
import { defineCommand } from '../command.ts';
import { loadTask } from '../load-task.ts';
import { oneOf, optionalWholeNumber, requiredText, seedOption, wholeNumber } from '../options.ts';
import { queueOption } from '../queue/redis.ts';
import { type CollectItem, collectItem } from '../queue/work-item.ts';
import type { Terminal } from '../terminal.ts';
import { unpackEpisodes } from '../work/collect-episodes.ts';
import { performAll } from '../work/perform-all.ts';

export const collectCommand = defineCommand({
  options: {
    task: requiredText("A registered task ('amitable tasks ls') or a task file", 'ID|FILE'),
    episodes: wholeNumber({ describe: 'Episodes to collect', minimum: 1, fallback: 100 }),
    policy: oneOf({
      describe: 'Who acts: play makes the data that world models are trained on',
      choices: collectingPolicies,
      fallback: 'play',
    }),
    steps: optionalWholeNumber(
      "Decisions an episode has at most; without it the task's budget, or 90 in play of two-rooms",
      1,
    ),
    out: requiredText('Folder of the data set; must not exist yet', 'DATASET'),
    queue: queueOption,
    seed: seedOption,
  },
  async run({ task: name, episodes, policy, steps, out, queue, seed }, terminal) {
    const task = await loadTask(name);
    const seeds = Array.from({ length: episodes }, (_, i) => deriveSeed(seed, 'collect', task.id, i));
    const parts = `${out}.parts`;
    const source =
      queue === undefined
        ? (await import('../../eval/collect/episode-source.ts')).createEpisodeSource({ task, policy, steps })
        : await collectedBy({ queue, task, policy, steps: steps ?? null, seeds, folder: parts, terminal });
    const { collectDataset } = await import('../../eval/collect/collect-dataset.ts');
    const progress = terminal.progress(`collecting ${task.id}`, episodes);
    let collected = 0;
    try {
      await collectDataset({
        source,
        seeds,
        task,
        policy,
        seed,
        directory: out,
        onEpisode(done, length) {
          collected += length;
          progress.update(done, `${collected} steps`);
        },
      });
    } finally {
      progress.stop();
    }
    await rm(parts, { recursive: true, force: true });
    const { describeDataset } = await import('../../data/describe-dataset.ts');
    const description = await describeDataset(out);
    terminal.result(
      { directory: out, ...description },
      `${out}: ${description.episodes} episodes, ${description.steps} steps, ${description.megabytes.toFixed(1)} MB, ${description.format}`,
    );
  },
});

interface CollectedByOptions extends Omit<CollectItem, 'kind' | 'key'> {
  readonly queue: string;
  /** Where episodes lie until the data set is whole, so that a call that was stopped goes on. */
  readonly folder: string;
  readonly terminal: Terminal;
}

/** Episodes that the workers of a queue have collected. */
async function collectedBy({ queue, seeds, folder, terminal, ...what }: CollectedByOptions): Promise<EpisodeSource> {
  const items = Array.from({ length: Math.ceil(seeds.length / episodesPerJob) }, (_, i) =>
    collectItem(codeVersion(), { ...what, seeds: seeds.slice(i * episodesPerJob, (i + 1) * episodesPerJob) }),
  );
  const store = createResultStore(folder);
  await performAll({ items, store, queue, label: `collecting ${what.task.id}`, terminal });
  const itemOf = new Map(items.flatMap((item) => item.seeds.map((seed) => [seed, item] as const)));
  let kept: { readonly item: CollectItem; readonly episodes: readonly Episode[] } | null = null;
  return async (seed) => {
    const item = itemOf.get(seed)!;
    if (kept?.item !== item) kept = { item, episodes: unpackEpisodes((await store.get(item.key))!) };
    return kept.episodes.find((episode) => episode.seed === seed)!;
  };
}

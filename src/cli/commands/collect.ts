import { deriveSeed } from '../../core/rng.ts';
import { collectingPolicies } from '../../eval/collect/policies.ts';
import { defineCommand } from '../command.ts';
import { loadTask } from '../load-task.ts';
import { oneOf, optionalWholeNumber, requiredText, seedOption, wholeNumber } from '../options.ts';

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
    seed: seedOption,
  },
  async run({ task: name, episodes, policy, steps, out, seed }, terminal) {
    const task = await loadTask(name);
    const { createEpisodeSource } = await import('../../eval/collect/episode-source.ts');
    const { collectDataset } = await import('../../eval/collect/collect-dataset.ts');
    const progress = terminal.progress(`collecting ${task.id}`, episodes);
    let collected = 0;
    try {
      await collectDataset({
        source: createEpisodeSource({ task, policy, steps }),
        seeds: Array.from({ length: episodes }, (_, i) => deriveSeed(seed, 'collect', task.id, i)),
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
    const { describeDataset } = await import('../../data/describe-dataset.ts');
    const description = await describeDataset(out);
    terminal.result(
      { directory: out, ...description },
      `${out}: ${description.episodes} episodes, ${description.steps} steps, ${description.megabytes.toFixed(1)} MB, ${description.format}`,
    );
  },
});

/**
 * Is the picture of a goal enough? node dist/scripts/compare-objectives.js [--tasks a,b] [--model DIR] [--episodes N]
 * [--seed N] [--by own,all,last,places,poses] [--out DIR]. Plays each task's episodes by its own objective over probed
 * quantities, and by the goal's picture alone: the latent distance summed over the horizon, that at its last step, and
 * the places or poses that the agent sees in it. Prints a table; with --out also writes objectives.json and
 * objectives.md there.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { unknownName } from '../src/core/errors.ts';
import type { TaskSpec } from '../src/core/task.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { wilson95 } from '../src/eval/metrics/wilson-interval.ts';
import { runEpisodes } from '../src/eval/run-episodes.ts';
import { loadModel } from '../src/world-model/model-store.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    tasks: {
      type: 'string',
      default: 'reach,push-to-goal,push-one-of-three,three-goals,both-in-region,push-to-pose',
    },
    model: { type: 'string' },
    episodes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '0' },
    by: { type: 'string', default: 'own,all,last,places,poses' },
    out: { type: 'string' },
  },
});
const episodes = wholeNumber('episodes', values.episodes, 1);

/** What each column plans by. */
const columns: Readonly<Record<string, { title: string; of: (task: TaskSpec) => TaskSpec['objective'] }>> = {
  own: { title: 'its own objective', of: ({ objective }) => objective },
  all: { title: 'goal picture, all steps', of: () => [{ term: 'goal-image', steps: 'ramp' }] },
  last: { title: 'goal picture, last step', of: () => [{ term: 'goal-image', steps: 'last' }] },
  places: { title: 'goal picture, places seen in it', of: () => [{ term: 'goal-image', by: 'places' }] },
  poses: { title: 'goal picture, poses seen in it', of: () => [{ term: 'goal-image', by: 'poses' }] },
};
const chosen = values.by.split(',').map((name) => {
  if (!Object.hasOwn(columns, name)) throw unknownName('column', name, Object.keys(columns));
  return columns[name]!;
});

const rows: { task: string; objective: string; episodes: number; successes: number; meanFinalDistance: number }[] = [];
for (const id of values.tasks.split(',')) {
  const task = taskById(id);
  const world = task.world ?? 'tabletop';
  const model = await loadModel(values.model ?? shippedModelDirectory(world));
  for (const { title: objective, of } of chosen) {
    const asked: TaskSpec = { ...task, objective: of(task) };
    const agent = await createAgentWithModel(model, { world });
    const results = await runEpisodes({
      policy: agent,
      createEnvironment: () => createEnvironment(asked),
      seeds: episodeSeeds(Number(values.seed), task.id, episodes),
    });
    agent.dispose?.();
    const successes = results.filter(({ success }) => success).length;
    const meanFinalDistance = results.reduce((sum, { finalDistance }) => sum + finalDistance, 0) / episodes;
    rows.push({ task: id, objective, episodes, successes, meanFinalDistance });
    process.stderr.write(`${id}, ${objective}: ${successes} of ${episodes}\n`);
  }
}

const titles = chosen.map(({ title }) => title);
const cell = (task: string, objective: string): string => {
  const { successes } = rows.find((row) => row.task === task && row.objective === objective)!;
  const [low, high] = wilson95(successes, episodes).map((bound) => (100 * bound).toFixed(0));
  return `${((100 * successes) / episodes).toFixed(0)} % [${low}, ${high}]`;
};
const markdown = [
  `${episodes} episodes of each task, seed ${values.seed}; success by the simulator's verdict, Wilson 95 %.`,
  '',
  `| task | ${titles.join(' | ')} |`,
  `|---|${titles.map(() => '---|').join('')}`,
  ...values.tasks.split(',').map((id) => `| ${id} | ${titles.map((title) => cell(id, title)).join(' | ')} |`),
].join('\n');
if (values.out !== undefined) {
  await writeFileAtomic(join(values.out, 'objectives.json'), `${JSON.stringify(rows, null, 2)}\n`);
  await writeFileAtomic(join(values.out, 'objectives.md'), `${markdown}\n`);
}
process.stdout.write(`${markdown}\n`);

/**
 * Does surprise foretell guardrail misses? Plays guardrail scenes with guardrails on and off, looks at each episode
 * again, and asks how well the surprise of the last steps (the world model's latent prediction error, given what was
 * done) tells that a guardrail will be broken within the next ones:
 * node dist/scripts/measure-surprise.js [--model DIR] [--episodes N] [--seed N] [--scenes a,b] [--modes on,off] [--out DIR]
 *
 * Each scene and mode is kept as a file in --out and not played again.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { UsageError } from '../src/core/errors.ts';
import { createRng } from '../src/core/rng.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { auroc, aurocInterval } from '../src/eval/metrics/auroc.ts';
import { createStepExpectations } from '../src/eval/physics/expect-steps.ts';
import { describeProvenance } from '../src/eval/provenance.ts';
import { runEpisodes } from '../src/eval/run-episodes.ts';
import { loadModel } from '../src/world-model/model-store.ts';
import { scenes } from './guardrails/scenes.ts';
import {
  lookAgain,
  momentsOf,
  type Question,
  questions,
  type StepRecord,
  scores,
} from './surprise/running-surprise.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: shippedModelDirectory('tabletop') },
    episodes: { type: 'string', default: '40' },
    seed: { type: 'string', default: '0' },
    scenes: { type: 'string', default: 'push-around,push-past-fragile,push-across-band' },
    modes: { type: 'string', default: 'on,off' },
    out: { type: 'string', default: 'runs/surprise' },
  },
});
const [episodes, seed] = [Number(options.episodes), Number(options.seed)];
const model = await loadModel(options.model);

const rows: { scene: string; mode: string; episodes: StepRecord[][] }[] = [];
for (const id of options.scenes.split(',')) {
  for (const mode of options.modes.split(',')) {
    const file = join(options.out, `${id}-${mode}.json`);
    const made = { seed, episodes, model: model.hash };
    const kept = await readFile(file, 'utf8').then(JSON.parse, () => null);
    if (kept !== null && JSON.stringify(kept.made) === JSON.stringify(made)) {
      rows.push({ scene: id, mode, episodes: kept.records });
      continue;
    }
    const records = await play(id, mode);
    await writeFileAtomic(file, `${JSON.stringify({ made, records })}\n`);
    rows.push({ scene: id, mode, episodes: records });
    process.stderr.write(`${id}, ${mode}: played\n`);
  }
}

async function play(id: string, mode: string): Promise<StepRecord[][]> {
  const scene = scenes.find(({ task }) => task.id === id);
  if (scene === undefined) throw new UsageError(`no scene '${id}': ${scenes.map(({ task }) => task.id).join(', ')}`);
  if (mode !== 'on' && mode !== 'off') throw new UsageError(`guardrails are 'on' or 'off', not '${mode}'`);
  const { task } = scene;
  const policy = await createAgentWithModel(model, { world: 'tabletop', guardrails: mode });
  const results = await runEpisodes({
    policy,
    createEnvironment: () => createEnvironment(task),
    seeds: episodeSeeds(seed, task.id, episodes),
    batchSize: 8,
    record: () => true,
  });
  await policy.dispose?.();
  const frames = task.budgetSteps + 1;
  const things = task.scene.objects.length + 1;
  const expectations = await createStepExpectations({ ...model, frames, things, threads: 1 });
  const records: StepRecord[][] = [];
  for (const { recording } of results) records.push(await lookAgain(recording!, expectations, frames));
  await expectations.dispose();
  return records;
}

const modes = [...new Set(rows.map(({ mode }) => mode))];
const groups = [
  ...rows.map(({ scene, mode, episodes: own }) => ({ name: scene, mode, episodes: own })),
  ...modes.map((mode) => ({
    name: 'all scenes',
    mode,
    episodes: rows.filter((row) => row.mode === mode).flatMap((row) => row.episodes),
  })),
];
const results = groups.flatMap(({ name, mode, episodes: own }) =>
  (Object.keys(questions) as Question[]).map((question) => {
    const moments = momentsOf(own, question, 'surprise').flat();
    const before = moments.filter(({ came }) => came).length;
    const by = scores.map((score) => {
      const each = momentsOf(own, question, score);
      return {
        score,
        auroc: auroc(each.flat()),
        interval95: aurocInterval(each, { rng: createRng(seed, name, mode) }),
      };
    });
    return { scene: name, guardrails: mode, foretold: question, steps: moments.length, before, by };
  }),
);
const show = ({ auroc: value, interval95 }: (typeof results)[0]['by'][0]): string =>
  value === null ? '-' : `${value.toFixed(2)} [${interval95!.map((bound) => bound.toFixed(2)).join(', ')}]`;
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = [
  'scene',
  'guardrails',
  'foretold',
  'steps',
  'before one',
  'surprise',
  'at objects alone',
  'by their motion',
];
const text = [
  line(head),
  line(head.map(() => '---')),
  ...results.map(({ scene, guardrails, foretold, steps, before, by }) =>
    line([scene, guardrails, foretold, String(steps), String(before), ...by.map(show)]),
  ),
].join('\n');
const provenance = describeProvenance({
  seed,
  device: 'native',
  threads: 1,
  guardrails: 'on',
  models: { tabletop: model.hash },
});
await writeFileAtomic(
  join(options.out, 'surprise.json'),
  `${JSON.stringify({ results, episodes, provenance }, null, 2)}\n`,
);
await writeFileAtomic(join(options.out, 'surprise.md'), `${text}\n`);
process.stdout.write(`${text}\n`);

/**
 * What a critic is worth: node dist/scripts/measure-critic.js --model DIR [--task two-rooms] [--horizons 6,20]
 * [--at terminal,running] [--weight N] [--tolerance N] [--episodes N] [--seed N] [--threads N]. The same episodes with
 * the latent distance alone and with the critic beside it, at the model's own planner; prints a table.
 */
import { parseArgs } from 'node:util';
import { createAgentWithModel } from '../src/agent/create-agent.ts';
import type { CriticUse } from '../src/agent/with-critic.ts';
import { UsageError } from '../src/core/errors.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { mcnemarExact } from '../src/eval/metrics/paired-comparison.ts';
import { wilson95 } from '../src/eval/metrics/wilson-interval.ts';
import { runEpisodes } from '../src/eval/run-episodes.ts';
import { loadModel } from '../src/world-model/model-store.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    task: { type: 'string', default: 'two-rooms' },
    horizons: { type: 'string', default: '6,20' },
    at: { type: 'string', default: 'terminal,running' },
    weight: { type: 'string', default: '1' },
    tolerance: { type: 'string', default: '1' },
    episodes: { type: 'string', default: '100' },
    seed: { type: 'string', default: '11' },
    threads: { type: 'string', default: '1' },
  },
});
if (values.model === undefined) throw new UsageError('--model names the folder of a model with a critic');
const model = await loadModel(values.model);
const task = taskById(values.task);
const seeds = episodeSeeds(Number(values.seed), task.id, Number(values.episodes));
const [weight, tolerance, threads] = [Number(values.weight), Number(values.tolerance), Number(values.threads)];
const uses: (CriticUse | undefined)[] = [
  undefined,
  ...values.at.split(',').map((at): CriticUse => {
    if (at !== 'terminal' && at !== 'running') throw new UsageError(`--at is terminal or running, got '${at}'`);
    return { at, weight, tolerance };
  }),
];

console.log(`| horizon | cost | success | 95 % (Wilson) | against the latent distance: won, lost, p (McNemar) |`);
console.log('|---|---|---|---|---|');
for (const horizon of values.horizons.split(',').map(Number)) {
  let plain: readonly boolean[] | null = null;
  for (const critic of uses) {
    const policy = await createAgentWithModel(model, {
      world: task.world ?? 'tabletop',
      plannerOptions: { horizon },
      critic,
      threads,
    });
    const results = await runEpisodes({ policy, createEnvironment: () => createEnvironment(task), seeds });
    policy.dispose?.();
    const solved = results.map(({ success }) => success);
    plain ??= solved;
    const count = solved.filter(Boolean).length;
    const [low, high] = wilson95(count, solved.length);
    const won = solved.filter((success, i) => success && !plain![i]).length;
    const lost = solved.filter((success, i) => !success && plain![i]).length;
    const compared = critic === undefined ? '' : `${won}, ${lost}, ${mcnemarExact(won, lost).toFixed(3)}`;
    const cost = critic === undefined ? 'latent distance' : `with the critic, ${critic.at}`;
    const percent = (share: number) => (100 * share).toFixed(1);
    console.log(
      `| ${horizon} | ${cost} | ${count} of ${solved.length} | [${percent(low)}, ${percent(high)}] % | ${compared} |`,
    );
  }
}

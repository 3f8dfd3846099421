/**
 * What a critic is worth: node dist/scripts/measure-critic.js [--model DIR] [--horizons 6,20] [--at terminal,running]
 * [--weight N] [--tolerance N] [--episodes N] [--pairs N] [--seed N] [--threads N]. In Two-Rooms, the same episodes with
 * the latent distance alone and with the critic beside it, at the model's own planner; and for pairs of places what it
 * says beside the true number of predictor steps. Prints two tables; 0 episodes or pairs leave one out.
 */
import { parseArgs } from 'node:util';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import type { CriticUse } from '../src/agent/with-critic.ts';
import { UsageError } from '../src/core/errors.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { mcnemarExact } from '../src/eval/metrics/paired-comparison.ts';
import { wilson95 } from '../src/eval/metrics/wilson-interval.ts';
import { runEpisodes } from '../src/eval/run-episodes.ts';
import { loadModel } from '../src/world-model/model-store.ts';
import { type JudgedPair, judgePairs } from './critic/judge-pairs.ts';
import { correlation, sameRoom, trueSteps } from './critic/true-steps.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: shippedModelDirectory('two-rooms') },
    horizons: { type: 'string', default: '6,20' },
    at: { type: 'string', default: 'terminal,running' },
    weight: { type: 'string', default: '1' },
    tolerance: { type: 'string', default: '1' },
    episodes: { type: 'string', default: '100' },
    pairs: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '11' },
    threads: { type: 'string', default: '1' },
  },
});
const model = await loadModel(values.model);
const task = taskById('two-rooms');
const seeds = episodeSeeds(Number(values.seed), task.id, Number(values.episodes));
const [weight, tolerance, threads] = [Number(values.weight), Number(values.tolerance), Number(values.threads)];
const uses: (CriticUse | undefined)[] = [
  undefined,
  ...values.at.split(',').map((at): CriticUse => {
    if (at !== 'terminal' && at !== 'running') throw new UsageError(`--at is terminal or running, got '${at}'`);
    return { at, weight, tolerance };
  }),
];

if (seeds.length > 0) await compareEpisodes();
if (Number(values.pairs) > 0) await comparePairs();

async function compareEpisodes(): Promise<void> {
  console.log(`| horizon | cost | success | 95 % (Wilson) | against the latent distance: won, lost, p (McNemar) |`);
  console.log('|---|---|---|---|---|');
  for (const horizon of values.horizons.split(',').map(Number)) {
    let plain: readonly boolean[] | null = null;
    for (const critic of uses) {
      const policy = await createAgentWithModel(model, {
        world: 'two-rooms',
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
      const p = mcnemarExact(won, lost);
      const compared = critic === undefined ? '' : `${won}, ${lost}, ${p < 0.001 ? '< 0.001' : p.toFixed(3)}`;
      const cost = critic === undefined ? 'latent distance' : `with the critic, ${critic.at}`;
      const percent = (share: number) => (100 * share).toFixed(1);
      console.log(
        `| ${horizon} | ${cost} | ${count} of ${solved.length} | [${percent(low)}, ${percent(high)}] % | ${compared} |`,
      );
    }
  }
}

async function comparePairs(): Promise<void> {
  const pairs = await judgePairs(model, Number(values.pairs), Number(values.seed), { threads });
  const groups: readonly (readonly [string, (pair: JudgedPair) => boolean])[] = [
    ['all', () => true],
    ['in one room', sameRoom],
    ['in two rooms', (pair) => !sameRoom(pair)],
  ];
  console.log(
    '\n| pairs of places | | true steps, mean | says the critic | its correlation | that of latent distance |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const [name, belongs] of groups) {
    const own = pairs.filter(belongs);
    const truth = own.map((pair) => trueSteps(pair, model.config.actionRepeat));
    const told = own.map((pair) => pair.told);
    const mean = (all: readonly number[]): string => (all.reduce((sum, each) => sum + each, 0) / all.length).toFixed(2);
    const [critic, latents] = [told, own.map(({ latentDistance }) => latentDistance)].map((says) =>
      correlation(says, truth).toFixed(2),
    );
    console.log(`| ${name} | ${own.length} | ${mean(truth)} | ${mean(told)} | ${critic} | ${latents} |`);
  }
}

/**
 * Does memory help, and can it hurt? Cold against warm at equal budgets, on repeated scenes and on merely similar ones
 * (other seeds of the same task), beside controls: an empty memory, the same memory after closing and opening it, one
 * whose episodes have each other's actions (`shuffled`), and one of random actions that pass for successes (`poisoned`).
 *
 * Planner evaluations to first success: a scene is attempted, each time with another policy seed, until it is solved
 * or `--attempts` are used up; all candidates scored in all its attempts count. So an unsolved scene counts for less
 * than it would take: where cold search leaves more of them, the ratio flatters cold.
 *
 *   node dist/scripts/measure-memory.js [--task ID] [--model DIR] [--scenes 40] [--attempts 5] [--samples 16]
 *     [--iterations 1] [--seed 0] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import type { Memory } from '../src/core/contracts.ts';
import { createRng, deriveSeed } from '../src/core/rng.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import { pairedBootstrap95 } from '../src/eval/metrics/paired-comparison.ts';
import { wilson95 } from '../src/eval/metrics/wilson-interval.ts';
import { type EndedEpisode, runEpisodes } from '../src/eval/run-episodes.ts';
import type { EpisodeRecord } from '../src/memory/episode-record.ts';
import { type EpisodeStore, openEpisodeStore } from '../src/memory/episode-store.ts';
import { openMemory } from '../src/memory/open-memory.ts';
import { loadModel } from '../src/world-model/model-store.ts';

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'push-to-goal' },
    model: { type: 'string' },
    scenes: { type: 'string', default: '40' },
    attempts: { type: 'string', default: '5' },
    samples: { type: 'string' },
    iterations: { type: 'string' },
    seed: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const task = taskById(values.task);
const world = task.world ?? 'tabletop';
const [scenes, attempts, seed] = [values.scenes, values.attempts, values.seed].map(Number) as [number, number, number];
const budget = Object.fromEntries(
  Object.entries({ samples: values.samples, iterations: values.iterations }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Number(value)]],
  ),
);
const model = await loadModel(values.model ?? shippedModelDirectory(world));
const folder = mkdtempSync(join(tmpdir(), 'measure-memory-'));

/** How one scene went. */
interface Scene {
  readonly evaluations: number;
  readonly solved: boolean;
  readonly solvedAtOnce: boolean;
}

interface Arm {
  readonly name: string;
  readonly scenes: readonly Scene[];
  readonly evaluationsPerPlan: number;
  /** Share of decisions for which anything was recalled. */
  readonly recalled: number;
}

/** Attempts every scene until it is solved. `series` keeps the policy seeds of unlike purposes apart. */
async function attempt(
  name: string,
  seeds: readonly number[],
  series: string,
  memory: Memory | null,
  onEnded?: (episode: EndedEpisode) => Promise<void>,
): Promise<Arm> {
  let [asked, recalled] = [0, 0];
  const counting = memory && {
    ...memory,
    recall(...request: Parameters<Memory['recall']>) {
      const found = memory.recall(...request);
      asked += 1;
      recalled += Number(found.length > 0);
      return found;
    },
  };
  const policy = await createAgentWithModel(model, { world, memory: counting, plannerOptions: budget });
  const evaluationsPerPlan = policy.evaluationsPerPlan!;
  const results: Scene[] = seeds.map(() => ({ evaluations: 0, solved: false, solvedAtOnce: false }));
  for (let round = 0; round < attempts; round++) {
    const open = seeds.flatMap((_, i) => (results[i]!.solved ? [] : [i]));
    if (open.length === 0) break;
    const episodes = await runEpisodes({
      policy,
      createEnvironment: () => createEnvironment(task),
      seeds: open.map((i) => seeds[i]!),
      policySeed: (episode) => deriveSeed(episode, series, round),
      ...(onEnded === undefined ? {} : { onEnded }),
    });
    for (const [j, { steps, success }] of episodes.entries()) {
      const before = results[open[j]!]!;
      const decisions = Math.ceil(steps / model.config.actionRepeat);
      results[open[j]!] = {
        evaluations: before.evaluations + decisions * evaluationsPerPlan,
        solved: success,
        solvedAtOnce: success && round === 0,
      };
    }
  }
  await policy.dispose?.();
  return { name, scenes: results, evaluationsPerPlan, recalled: asked === 0 ? 0 : recalled / asked };
}

const view = (store: EpisodeStore) => openMemory({ store, encoder: model.hash, world });

/** A new store with the given episodes. */
async function storeOf(name: string, records: readonly EpisodeRecord[]): Promise<EpisodeStore> {
  const store = await openEpisodeStore(join(folder, name));
  for (const record of records) store.append(record);
  return store;
}

/** Successes with one another's actions. */
function shuffled(records: readonly EpisodeRecord[]): EpisodeRecord[] {
  const successes = records.filter(({ outcome }) => outcome.success);
  return successes.map((record, i) => {
    const { actions } = successes[(i + 1) % successes.length]!.experience;
    return { ...record, experience: { ...record.experience, actions } };
  });
}

/** Every episode a success, its actions drawn at random. */
function poisoned(records: readonly EpisodeRecord[]): EpisodeRecord[] {
  const { actionSpace } = createEnvironment(task);
  return records.map((record, i) => {
    const rng = createRng(seed, 'memory', 'poison', i);
    const { actions, actionSize } = record.experience;
    const random = Array.from({ length: actions.length / actionSize }, () => [...actionSpace.sample(rng)]);
    return {
      ...record,
      outcome: { success: true, finalDistance: 0, violationSteps: 0, violations: [] },
      experience: { ...record.experience, actions: Float32Array.from(random.flat()) },
    };
  });
}

const sceneSeeds = (name: string) => Array.from({ length: scenes }, (_, i) => deriveSeed(seed, 'memory', name, i));

async function measure() {
  const lessons = sceneSeeds('repeated');
  let store = await storeOf('learnt', []);
  const learning = view(store);
  const taught = await attempt(
    'learning',
    lessons,
    'learning',
    learning,
    async ({ experience, outcome, seed: scene }) => {
      await learning.remember(experience!, outcome, scene);
    },
  );
  const records = store.list().map(({ number }) => store.read(number));
  const warm = view(store);
  const controls = [
    ['empty', view(await storeOf('empty', []))],
    ['shuffled', view(await storeOf('shuffled', shuffled(records)))],
    ['poisoned', view(await storeOf('poisoned', poisoned(records)))],
  ] as const;
  const groups = [];
  for (const [group, seeds] of [
    ['repeated', lessons],
    ['similar', sceneSeeds('similar')],
  ] as const) {
    const arms = [await attempt('cold', seeds, 'trial', null), await attempt('warm', seeds, 'trial', warm)];
    await store.close();
    store = await openEpisodeStore(join(folder, 'learnt'), { access: 'read' });
    arms.push(await attempt('restarted', seeds, 'trial', view(store)));
    for (const [name, memory] of controls) arms.push(await attempt(name, seeds, 'trial', memory));
    const [cold, ...others] = arms;
    const same = (a: Arm, b: Arm) => JSON.stringify(a.scenes) === JSON.stringify(b.scenes);
    groups.push({
      group,
      arms: [cold!, ...others].map((arm) => summarise(arm, cold!)),
      emptyEqualsCold: same(arms.find(({ name }) => name === 'empty')!, cold!),
      restartedEqualsWarm: same(arms.find(({ name }) => name === 'restarted')!, others[0]!),
    });
  }
  const state = store.state();
  await store.close();
  return {
    task: task.id,
    model: model.hash,
    scenes,
    attempts,
    seed,
    evaluationsPerPlan: taught.evaluationsPerPlan,
    memory: { ...state, successes: records.filter(({ outcome }) => outcome.success).length },
    evaluationsToLearn: taught.scenes.reduce((sum, scene) => sum + scene.evaluations, 0),
    groups,
  };
}

function summarise({ name, scenes: own, recalled }: Arm, cold: Arm) {
  const mean = (arm: readonly Scene[]) => arm.reduce((sum, { evaluations }) => sum + evaluations, 0) / arm.length;
  const atOnce = own.filter((scene) => scene.solvedAtOnce).length;
  const rng = createRng(seed, 'memory', 'bootstrap');
  const ratios = Array.from({ length: 2000 }, () => {
    const drawn = own.map(() => rng.integer(own.length));
    return mean(drawn.map((i) => own[i]!)) / mean(drawn.map((i) => cold.scenes[i]!));
  }).sort((a, b) => a - b);
  const solvedAtOnce = (arm: Arm) => arm.scenes.map((scene) => Number(scene.solvedAtOnce));
  return {
    name,
    solvedAtOnce: atOnce / own.length,
    wilson95: wilson95(atOnce, own.length),
    difference95: pairedBootstrap95({
      first: solvedAtOnce({ ...cold, scenes: own }),
      second: solvedAtOnce(cold),
      seed,
    }),
    solved: own.filter((scene) => scene.solved).length / own.length,
    evaluationsToSuccess: mean(own),
    ratio: mean(own) / mean(cold.scenes),
    ratio95: [ratios[50]!, ratios[1949]!],
    recalled,
  };
}

try {
  const started = process.cpuUsage();
  const result = await measure();
  const { user, system } = process.cpuUsage(started);
  const cpuSeconds = (user + system) / 1e6;
  if (values.json) {
    console.log(JSON.stringify({ ...result, cpuSeconds }, null, 2));
  } else {
    const percent = (share: number) => (100 * share).toFixed(1).padStart(6);
    console.log(
      `${result.task}, ${result.evaluationsPerPlan} evaluations a plan, ${scenes} scenes a row, seed ${seed}`,
    );
    const { memory, evaluationsToLearn } = result;
    console.log(`memory: ${memory.episodes} episodes, ${memory.successes} successes, learnt in ${evaluationsToLearn}`);
    for (const { group, arms, emptyEqualsCold, restartedEqualsWarm } of result.groups) {
      console.log(
        `\n${group} scenes   at once %   - cold [95 %]        ever %   evaluations   / cold [95 %]      recalled %`,
      );
      for (const arm of arms) {
        const [low, high] = arm.difference95.map((share) => (100 * share).toFixed(1)) as [string, string];
        const [least, most] = arm.ratio95.map((ratio) => ratio.toFixed(2)) as [string, string];
        console.log(
          `${arm.name.padEnd(15)} ${percent(arm.solvedAtOnce)}   ${`[${low}, ${high}]`.padStart(20)} ${percent(arm.solved)}` +
            `   ${arm.evaluationsToSuccess.toFixed(0).padStart(10)}   ${arm.ratio.toFixed(2)} [${least}, ${most}]   ${percent(arm.recalled)}`,
        );
      }
      console.log(`empty equals cold: ${emptyEqualsCold}; after restart equals warm: ${restartedEqualsWarm}`);
    }
    console.log(`\n${cpuSeconds.toFixed(0)} CPU-seconds`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

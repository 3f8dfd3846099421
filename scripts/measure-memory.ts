/**
 * Does memory help, and can it hurt? The agent first learns: it plays some scenes with its model's own search and
 * remembers how they went. Then it plays the same scenes and others of the task (`repeated`, `similar`) at smaller
 * budgets, cold and warm with the same policy seeds, and with controls: an `empty` memory; the same one after closing
 * and opening it (`restarted`); one whose episodes have each other's actions (`shuffled`); one of random actions that
 * pass for successes (`poisoned`); one of random play, all of it as it was lived, that passes for successes (`forged`).
 *
 * Planner evaluations to first success: a scene is attempted, each time with another policy seed, until it is solved
 * or `--attempts` are used up, and all candidates scored in all its attempts count. A scene that stays unsolved
 * counts for less than it would take, which flatters whoever leaves more of them: cold, where memory helps. Controls
 * have one attempt: what they cost shows in it.
 *
 *   node dist/scripts/measure-memory.js [--task ID] [--model DIR] [--scenes 40] [--attempts 10] [--budgets 8x1,16x2]
 *     [--lessons 1] [--learnt DIR] [--groups repeated,similar] [--arms cold,warm,poisoned] [--farthest 0.08]
 *     [--seed 0] [--json]
 *
 * `--learnt` keeps what was learnt for another call with the same task, scenes and seed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgentOptions, createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import type { Memory, Outcome } from '../src/core/memory-contracts.ts';
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
    attempts: { type: 'string', default: '10' },
    budgets: { type: 'string', default: '8x1,16x2' },
    lessons: { type: 'string', default: '1' },
    learnt: { type: 'string' },
    groups: { type: 'string', default: 'repeated,similar' },
    arms: { type: 'string', default: 'cold,warm,restarted,empty,shuffled,poisoned,forged' },
    farthest: { type: 'string' },
    seed: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const task = taskById(values.task);
const world = task.world ?? 'tabletop';
const [scenes, attempts, lessons, seed] = [values.scenes, values.attempts, values.lessons, values.seed].map(Number) as [
  number,
  number,
  number,
  number,
];
const model = await loadModel(values.model ?? shippedModelDirectory(world));
const folder = mkdtempSync(join(tmpdir(), 'measure-memory-'));

/** How to search; none: as the model's own planner does. */
type Search = Pick<AgentOptions, 'planner' | 'plannerOptions'>;

/** How one scene went. */
interface Scene {
  readonly evaluations: number;
  readonly solved: boolean;
  readonly solvedAtOnce: boolean;
}

interface Arm {
  readonly name: string;
  readonly scenes: readonly Scene[];
  /** The distance left at the end of each scene's first attempt. */
  readonly firsts: readonly number[];
  /** Of the times that memory was asked, how often it had something to say; and how often it was asked, a decision. */
  readonly recalled: number;
}

interface Play {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly search: Search;
  readonly memory: Memory | null;
  readonly rounds: number;
  readonly onEnded?: (episode: EndedEpisode) => Promise<void>;
}

/** Attempts every scene until it is solved. Arms that differ in memory alone have the same policy seeds. */
async function attempt({ name, seeds, search, memory, rounds, onEnded }: Play): Promise<Arm> {
  let [decisions, recalled] = [0, 0];
  const counting = memory && {
    ...memory,
    recall(...request: Parameters<Memory['recall']>) {
      const found = memory.recall(...request);
      recalled += Number(found.length > 0);
      return found;
    },
  };
  const policy = await createAgentWithModel(model, { world, memory: counting, ...search });
  const firsts: number[] = [];
  const results: Scene[] = seeds.map(() => ({ evaluations: 0, solved: false, solvedAtOnce: false }));
  for (let round = 0; round < rounds; round++) {
    const open = seeds.flatMap((_, i) => (results[i]!.solved ? [] : [i]));
    if (open.length === 0) break;
    const episodes = await runEpisodes({
      policy,
      createEnvironment: () => createEnvironment(task),
      seeds: open.map((i) => seeds[i]!),
      policySeed: (episode) => deriveSeed(episode, onEnded === undefined ? 'trial' : 'lesson', round),
      ...(onEnded === undefined ? {} : { onEnded }),
    });
    if (round === 0) firsts.push(...episodes.map(({ finalDistance }) => finalDistance));
    for (const [j, { steps, success }] of episodes.entries()) {
      const plans = Math.ceil(steps / model.config.actionRepeat);
      const { evaluations } = results[open[j]!]!;
      decisions += plans;
      results[open[j]!] = {
        evaluations: evaluations + plans * policy.evaluationsPerPlan!,
        solved: success,
        solvedAtOnce: success && round === 0,
      };
    }
  }
  await policy.dispose?.();
  return { name, scenes: results, firsts, recalled: recalled / decisions };
}

function view(store: EpisodeStore): Memory {
  const limits = values.farthest === undefined ? {} : { farthest: Number(values.farthest) };
  return openMemory({ store, encoder: model.hash, world, ...limits });
}

/** A new memory of the given episodes. */
async function memoryOf(name: string, records: readonly EpisodeRecord[]): Promise<Memory> {
  const store = await openEpisodeStore(join(folder, name));
  for (const record of records) store.append(record);
  return view(store);
}

/** Successes with one another's actions. */
function shuffled(records: readonly EpisodeRecord[]): EpisodeRecord[] {
  const successes = records.filter(({ outcome }) => outcome.success);
  return successes.map((record, i) => {
    const { actions } = successes[(i + 1) % successes.length]!.experience;
    return { ...record, experience: { ...record.experience, actions } };
  });
}

const success: Outcome = { success: true, finalDistance: 0, violationSteps: 0, violations: [] };

/** Every episode a success, its actions drawn at random. */
function poisoned(records: readonly EpisodeRecord[]): EpisodeRecord[] {
  const { actionSpace } = createEnvironment(task);
  return records.map((record, i) => {
    const rng = createRng(seed, 'memory', 'poison', i);
    const { actions, actionSize } = record.experience;
    const random = Array.from({ length: actions.length / actionSize }, () => [...actionSpace.sample(rng)]);
    return {
      ...record,
      outcome: success,
      experience: { ...record.experience, actions: Float32Array.from(random.flat()) },
    };
  });
}

function seedsOf(group: string): number[] {
  return Array.from({ length: scenes }, (_, i) => deriveSeed(seed, 'memory', group, i));
}

/** Plays the lessons, without recalling anything. */
async function learn(store: EpisodeStore, search: Search = {}): Promise<void> {
  const blank = view(store);
  await attempt({
    name: 'lessons',
    seeds: seedsOf('repeated'),
    search,
    memory: blank,
    rounds: lessons,
    onEnded: async (ended) => {
      await blank.remember(ended.experience!, ended.outcome, ended.seed);
    },
  });
}

/** Random play as it was lived, every episode a success. */
async function forged(): Promise<EpisodeRecord[]> {
  const store = await openEpisodeStore(join(folder, 'played-at-random'));
  await learn(store, { planner: 'random-shooting', plannerOptions: { samples: 1 } });
  const records = store.list().map(({ number }) => store.read(number));
  await store.close();
  return records.map((record) => ({ ...record, outcome: success }));
}

async function measure() {
  const learning = await openEpisodeStore(values.learnt ?? join(folder, 'learnt'));
  if (learning.list().length === 0) await learn(learning);
  const records = learning.list().map(({ number }) => learning.read(number));
  const state = learning.state();
  const warm = view(learning);
  await learning.close();
  const memories: Readonly<Record<string, Memory | null>> = {
    cold: null,
    warm,
    restarted: view(await openEpisodeStore(learning.directory, { access: 'read' })),
    empty: await memoryOf('empty', []),
    shuffled: await memoryOf('shuffled', shuffled(records)),
    poisoned: await memoryOf('poisoned', poisoned(records)),
    forged: await memoryOf('forged', await forged()),
  };
  const tables = [];
  for (const budget of values.budgets.split(',')) {
    const [samples, iterations] = budget.split('x').map(Number) as [number, number];
    for (const group of values.groups.split(',')) {
      const arms: Arm[] = [];
      for (const name of values.arms.split(',')) {
        const search = { plannerOptions: { samples, iterations } };
        const memory = memories[name]!;
        const rounds = name === 'cold' || name === 'warm' ? attempts : 1;
        arms.push(await attempt({ name, seeds: seedsOf(group), search, memory, rounds }));
      }
      tables.push({ budget, group, rows: arms.map((arm) => summarise(arm, arms[0]!)), twins: twinsOf(arms) });
    }
  }
  const successes = records.filter(({ outcome }) => outcome.success).length;
  return { task: task.id, model: model.hash, scenes, attempts, seed, memory: { ...state, successes }, tables };
}

/** Of each control, whether its first attempts went exactly as cold or warm. */
function twinsOf(arms: readonly Arm[]): Record<string, string> {
  const firsts = new Map(arms.map((arm) => [arm.name, JSON.stringify(arm.firsts)]));
  const controls = arms.filter(({ name }) => name !== 'cold' && name !== 'warm');
  return Object.fromEntries(
    controls.map(({ name }) => [
      name,
      ['cold', 'warm'].find((arm) => firsts.get(arm) === firsts.get(name)) ?? 'neither',
    ]),
  );
}

/** An arm beside the first. Differences and ratios have paired bootstrap intervals over scenes. */
function summarise({ name, scenes: own, recalled }: Arm, { scenes: cold }: Arm) {
  const mean = (of: readonly Scene[]) => of.reduce((sum, { evaluations }) => sum + evaluations, 0) / of.length;
  const atOnce = (of: readonly Scene[]) => of.map((scene) => Number(scene.solvedAtOnce));
  const successes = own.filter((scene) => scene.solvedAtOnce).length;
  const rng = createRng(seed, 'memory', 'bootstrap');
  const ratios = Array.from({ length: 2000 }, () => {
    const drawn = own.map(() => rng.integer(own.length));
    return mean(drawn.map((i) => own[i]!)) / mean(drawn.map((i) => cold[i]!));
  }).sort((a, b) => a - b);
  return {
    name,
    solvedAtOnce: successes / own.length,
    wilson95: wilson95(successes, own.length),
    difference95: pairedBootstrap95({ first: atOnce(own), second: atOnce(cold), seed }),
    solved: own.filter((scene) => scene.solved).length / own.length,
    evaluationsToSuccess: mean(own),
    ratio: mean(own) / mean(cold),
    ratio95: [ratios[50]!, ratios[1949]!],
    recalled,
  };
}

function print({ memory, tables, cpuSeconds }: Awaited<ReturnType<typeof measure>> & { readonly cpuSeconds: number }) {
  const percent = (share: number, width = 6) => (100 * share).toFixed(1).padStart(width);
  const range = ([low, high]: readonly number[], text: (value: number) => string) => `[${text(low!)}, ${text(high!)}]`;
  console.log(`${task.id}, ${scenes} scenes, at most ${attempts} attempts each, seed ${seed}`);
  console.log(`memory: ${memory.episodes} episodes, ${memory.successes} of them successes`);
  for (const { budget, group, rows, twins } of tables) {
    console.log(`\n${group} scenes, ${budget} candidates a decision`);
    console.log(
      '             solved at once %   less cold [95 %]   ever %   evaluations to success   of cold [95 %]   recalling %',
    );
    for (const row of rows) {
      console.log(
        [
          row.name.padEnd(10),
          percent(row.solvedAtOnce, 18),
          range(row.difference95, (value) => percent(value, 0)).padStart(19),
          percent(row.solved, 8),
          row.evaluationsToSuccess.toFixed(0).padStart(12),
          row.ratio.toFixed(2).padStart(14),
          range(row.ratio95, (value) => value.toFixed(2)).padEnd(14),
          percent(row.recalled, 10),
        ].join(' '),
      );
    }
    for (const [control, arm] of Object.entries(twins)) console.log(`${control}: as ${arm}, to the bit`);
  }
  console.log(`\n${cpuSeconds.toFixed(0)} CPU-seconds`);
}

try {
  const started = process.cpuUsage();
  const result = await measure();
  const { user, system } = process.cpuUsage(started);
  const complete = { ...result, cpuSeconds: (user + system) / 1e6 };
  if (values.json) console.log(JSON.stringify(complete, null, 2));
  else print(complete);
} finally {
  rmSync(folder, { recursive: true });
}

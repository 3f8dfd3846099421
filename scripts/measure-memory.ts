/**
 * Does memory help, and can it hurt? The agent first learns: it plays some scenes once with its model's own search and
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
 *   node dist/scripts/measure-memory.js [--task ID] [--model DIR] [--scenes 40] [--attempts 10] [--budgets 4x1,64x4]
 *     [--groups repeated,similar] [--arms cold,warm,poisoned] [--farthest 0.08] [--seed 0] [--work DIR] [--json]
 *
 * `--work` keeps what was learnt and played: a call that was broken off goes on where it ended, and one that asks for
 * more plays only that.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedModelDirectory } from '../src/agent/create-agent.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { UsageError } from '../src/core/errors.ts';
import type { Memory } from '../src/core/memory-contracts.ts';
import { deriveSeed } from '../src/core/rng.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import type { EpisodeRecord } from '../src/memory/episode-record.ts';
import { type EpisodeStore, openEpisodeStore } from '../src/memory/episode-store.ts';
import { openMemory } from '../src/memory/open-memory.ts';
import { loadModel } from '../src/world-model/model-store.ts';
import { type Arm, type Attempts, attemptScenes } from './memory/attempt-scenes.ts';
import { forged, poisoned, shuffled } from './memory/false-memories.ts';
import { formatRows, rowsOf } from './memory/table.ts';

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'push-to-goal' },
    model: { type: 'string' },
    scenes: { type: 'string', default: '40' },
    attempts: { type: 'string', default: '10' },
    budgets: { type: 'string', default: '4x1,64x4' },
    groups: { type: 'string', default: 'repeated,similar' },
    arms: { type: 'string', default: 'cold,warm,restarted,empty,shuffled,poisoned,forged' },
    farthest: { type: 'string' },
    seed: { type: 'string', default: '0' },
    work: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const task = taskById(values.task);
const world = task.world ?? 'tabletop';
const [scenes, attempts, seed] = [values.scenes, values.attempts, values.seed].map(Number) as [number, number, number];
const model = await loadModel(values.model ?? shippedModelDirectory(world));
const folder = values.work ?? mkdtempSync(join(tmpdir(), 'measure-memory-'));

/** The result kept in a file of the folder, or that of `make`, kept there from now on. */
async function kept<T>(name: string, make: () => Promise<T>): Promise<T> {
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const made = await make();
  await writeFileAtomic(path, JSON.stringify(made));
  return made;
}

function view(store: EpisodeStore): Memory {
  const limits = values.farthest === undefined ? {} : { farthest: Number(values.farthest) };
  return openMemory({ store, encoder: model.hash, world, ...limits });
}

function seedsOf(group: string): number[] {
  return Array.from({ length: scenes }, (_, i) => deriveSeed(seed, 'memory', group, i));
}

/** What is remembered after playing the scenes to be repeated once, without recalling anything. */
async function lived(name: string, search: Attempts['search']): Promise<EpisodeStore> {
  const store = await openEpisodeStore(join(folder, name));
  const known = new Set(store.list().map(({ seed: scene }) => scene));
  const seeds = seedsOf('repeated').filter((scene) => !known.has(scene));
  const memory = view(await openEpisodeStore(join(folder, 'nothing')));
  await attemptScenes({
    ...{ model, task, memory, search, seeds, attempts: 1, stream: 'lesson' },
    async onEnded({ experience, outcome, seed: scene }) {
      store.append({ world, encoder: model.hash, seed: scene, outcome, experience: experience! });
    },
  });
  return store;
}

async function recordsOf(store: EpisodeStore): Promise<EpisodeRecord[]> {
  return store.list().map(({ number }) => store.read(number));
}

/** A memory of the given episodes. */
async function memoryOf(name: string, records: readonly EpisodeRecord[]): Promise<Memory> {
  const store = await openEpisodeStore(join(folder, name));
  for (const record of records) store.append(record);
  return view(store);
}

async function measure() {
  const settings = { task: task.id, model: model.hash, scenes, seed, farthest: values.farthest ?? null };
  const known = await kept('settings', async () => settings);
  if (JSON.stringify(known) !== JSON.stringify(settings))
    throw new UsageError(`'${folder}' holds a measurement of ${JSON.stringify(known)}`);
  const learnt = await lived('learnt', {});
  const records = await recordsOf(learnt);
  const summary = { ...learnt.state(), successes: records.filter(({ outcome }) => outcome.success).length };
  const warm = view(learnt);
  await learnt.close();
  const memories: Readonly<Record<string, () => Promise<Memory | null>>> = {
    cold: async () => null,
    warm: async () => warm,
    restarted: async () => view(await openEpisodeStore(learnt.directory, { access: 'read' })),
    empty: () => memoryOf('nothing', []),
    shuffled: () => memoryOf('shuffled', shuffled(records)),
    poisoned: () => memoryOf('poisoned', poisoned(records, createEnvironment(task).actionSpace, seed)),
    async forged() {
      const random = { planner: 'random-shooting', plannerOptions: { samples: 1 } };
      return memoryOf('forged', forged(await recordsOf(await lived('random-play', random))));
    },
  };
  const tables = [];
  for (const budget of values.budgets.split(',')) {
    const [samples, iterations] = budget.split('x').map(Number) as [number, number];
    for (const group of values.groups.split(',')) {
      const arms = new Map<string, Arm>();
      for (const name of values.arms.split(',')) {
        const memoryFor = memories[name];
        if (memoryFor === undefined) throw new UsageError(`no arm '${name}'; there are ${Object.keys(memories)}`);
        const most = name === 'cold' || name === 'warm' ? attempts : 1;
        const arm = await kept(`${budget} ${group} ${name} ${most}`, async () =>
          attemptScenes({
            ...{ model, task, memory: await memoryFor(), seeds: seedsOf(group), attempts: most, stream: 'trial' },
            search: { plannerOptions: { samples, iterations } },
          }),
        );
        arms.set(name, arm);
      }
      tables.push({ budget, group, rows: rowsOf(arms, seed) });
    }
  }
  return { ...settings, attempts, memory: summary, tables };
}

try {
  const started = process.cpuUsage();
  const result = await measure();
  const { user, system } = process.cpuUsage(started);
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else {
    const { memory, tables } = result;
    console.log(
      `\`${task.id}\`, ${scenes} scenes a row, seed ${seed}, model ${model.hash.slice(0, 12)}; ` +
        `${memory.episodes} episodes remembered, ${memory.successes} of them successes; at most ${attempts} attempts.`,
    );
    for (const { budget, group, rows } of tables) {
      console.log(`\n#### ${group} scenes, ${budget} candidates a decision\n\n${formatRows(rows)}`);
    }
  }
  console.error(`${((user + system) / 1e6).toFixed(0)} CPU-seconds`);
} finally {
  if (values.work === undefined) rmSync(folder, { recursive: true });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Situation } from '../../src/core/memory-contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import type { EpisodeRecord } from '../../src/memory/episode-record.ts';
import { type EpisodeStore, openEpisodeStore } from '../../src/memory/episode-store.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { rememberedEpisode } from './remembered.ts';

let folder: string;
let store: EpisodeStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'amitable-memory-'));
  store = await openEpisodeStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const ours = { encoder: 'encoder-a', world: 'tabletop' } as const;
const request = { count: 3, steps: 4 };
const momentOf = (record: EpisodeRecord, step: number): Situation => record.experience.moments[step]!.situation!;
const rest = (record: EpisodeRecord, step: number, steps: number) =>
  [...record.experience.actions].slice(2 * step, 2 * (step + steps));
const recalled = (actions: readonly Float32Array[]) => actions.map((sequence) => [...sequence]);

/** The situation as it would be elsewhere on the table, turned by `angle`. */
function turned({ kind, points, key }: Situation, angle: number): Situation {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const moved = points.map((value, i) =>
    i % 2 === 0 ? cosine * value - sine * points[i + 1]! + 0.1 : sine * points[i - 1]! + cosine * value - 0.2,
  );
  return { kind, points: moved, key };
}

test('from a moment that was remembered on, it recalls what was done then', () => {
  for (const seed of [1, 2, 3]) store.append(rememberedEpisode(seed));
  const memory = openMemory({ store, ...ours });
  for (const [seed, step] of [
    [1, 0],
    [2, 3],
    [3, 4],
  ] as const) {
    const record = rememberedEpisode(seed);
    const [best] = memory.recall(momentOf(record, step), request);
    const expected = rest(record, step, request.steps);
    expect(best).toHaveLength(expected.length);
    for (const [i, value] of best!.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
  }
});

test('in a scene turned and moved, it turns what was done likewise', () => {
  store.append(rememberedEpisode(1));
  const record = rememberedEpisode(1);
  const now = turned(momentOf(record, 1), 2.5);
  const [best] = openMemory({ store, ...ours }).recall(now, request);
  const before = rest(record, 1, request.steps);
  for (let t = 0; t < request.steps; t++) {
    const [x, y] = [before[2 * t]!, before[2 * t + 1]!];
    expect(best![2 * t]).toBeCloseTo(Math.cos(2.5) * x - Math.sin(2.5) * y, 4);
    expect(best![2 * t + 1]).toBeCloseTo(Math.sin(2.5) * x + Math.cos(2.5) * y, 4);
  }
});

test('among walls, nothing is turned, and a moved scene is another one', () => {
  const world = 'two-rooms';
  store.append(rememberedEpisode(1, { world }));
  const memory = openMemory({ store, encoder: 'encoder-a', world });
  const record = rememberedEpisode(1);
  expect(recalled(memory.recall(momentOf(record, 1), request))).toEqual([rest(record, 1, 4)]);
  expect(memory.recall(turned(momentOf(record, 1), 2.5), request)).toEqual([]);
});

test('recalls no more than asked for, nearest first, one moment an episode, and nothing of what is unlike', () => {
  const record = rememberedEpisode(1);
  for (let i = 0; i < 6; i++) {
    const { experience } = record;
    const [first, ...others] = experience.moments;
    // Each a little further away than the one before; the last one far.
    const points = first!.situation!.points.slice();
    points[0]! += i === 5 ? 0.5 : 0.01 * i;
    const moments = [{ ...first!, situation: { ...first!.situation!, points } }, ...others].map((moment, step) => ({
      ...moment,
      positions: new Float32Array(4).fill(0.3 + 0.004 * i * step),
    }));
    const actions = experience.actions.map(() => i / 10);
    store.append({ ...record, seed: i, experience: { ...experience, moments, actions } });
  }
  const memory = openMemory({ store, ...ours });
  const speeds = memory
    .recall(momentOf(record, 0), { count: 9, steps: 1 })
    .map((actions) => Math.round(10 * Math.hypot(...actions) * Math.SQRT1_2));
  expect(speeds).toEqual([0, 1, 2, 3, 4]);
  expect(memory.recall(momentOf(record, 0), { count: 2, steps: 9 }).map(({ length }) => length)).toEqual([12, 12]);
  expect(memory.recall({ ...momentOf(record, 0), kind: 'something else' }, request)).toEqual([]);
});

test.each<[string, Partial<Outcome>]>([
  ['a failure', { success: false }],
  ['a success that broke a guardrail', { violationSteps: 2, violations: ['keep-out'] }],
])('%s is kept and never recalled', (_, change) => {
  const record = rememberedEpisode(1);
  store.append({ ...record, outcome: { ...record.outcome, ...change } });
  expect(openMemory({ store, ...ours }).recall(momentOf(record, 0), request)).toEqual([]);
  expect(store.list()).toHaveLength(1);
});

test('what does not hang together is kept and never recalled: other actions, or the same at other times', () => {
  const record = rememberedEpisode(1);
  const { experience } = record;
  const others = [
    experience.actions.map((value) => -value),
    rememberedEpisode(2).experience.actions,
    Float32Array.from([...experience.actions.slice(4), ...experience.actions.slice(0, 4)]),
  ];
  for (const actions of others) store.append({ ...record, experience: { ...experience, actions } });
  const memory = openMemory({ store, ...ours });
  for (const step of [0, 1, 2]) expect(memory.recall(momentOf(record, step), request)).toEqual([]);
  expect(store.list()).toHaveLength(3);
  expect(store.verify()).toEqual([]);
  store.append(record);
  expect(openMemory({ store, ...ours }).recall(momentOf(record, 0), request)).toHaveLength(1);
});

test('what is remembered while it is open is recalled by the next that opens it', async () => {
  const record = rememberedEpisode(1);
  const memory = openMemory({ store, ...ours });
  expect(await memory.remember(record.experience, record.outcome, record.seed)).toBe(1);
  expect(store.read(1)).toEqual(record);
  expect(memory.recall(momentOf(record, 0), request)).toEqual([]);
  expect(openMemory({ store, ...ours }).recall(momentOf(record, 0), request)).toHaveLength(1);
});

test('episodes of another encoder are refused, with what can be done; those of another world are left alone', () => {
  store.append(rememberedEpisode(1));
  store.append(rememberedEpisode(2, { encoder: 'encoder-b' }));
  expect(() => openMemory({ store, ...ours })).toThrow(
    /holds 1 episodes that another model perceived \(encoder-b; this one is encoder-a\).*memory reencode.*memory forget/,
  );
  const elsewhere = openMemory({ store, encoder: 'encoder-c', world: 'two-rooms' });
  expect(elsewhere.recall(momentOf(rememberedEpisode(1), 0), request)).toEqual([]);
});

test('after closing and opening, the same bytes are recalled', async () => {
  for (let seed = 0; seed < 20; seed++) store.append(rememberedEpisode(seed));
  const asked = Array.from({ length: 20 }, (_, i) => {
    const situation = momentOf(rememberedEpisode(i), i % 5);
    const rng = createRng(i, 'asked');
    return turned({ ...situation, points: situation.points.map((x) => x + 0.02 * rng.normal()) }, rng.normal());
  });
  const ask = () => {
    const memory = openMemory({ store, ...ours });
    return asked.map((situation) => recalled(memory.recall(situation, request)));
  };
  const before = ask();
  expect(before.filter((found) => found.length > 0).length).toBeGreaterThan(10);
  await store.close();
  store = await openEpisodeStore(folder, { access: 'read' });
  expect(ask()).toEqual(before);
});

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { type EpisodeStore, type EpisodeStoreOptions, openEpisodeStore } from '../../src/memory/episode-store.ts';
import { rememberedEpisode } from './remembered.ts';

type Access = NonNullable<EpisodeStoreOptions['access']>;

let folder: string;
let stores: EpisodeStore[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'amitable-memory-'));
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true });
});

async function openAt(name: string, access: Access = 'make'): Promise<EpisodeStore> {
  const store = await openEpisodeStore(join(folder, name), { access });
  stores.push(store);
  return store;
}

async function reopen(store: EpisodeStore, access: Access = 'make'): Promise<EpisodeStore> {
  stores.splice(stores.indexOf(store), 1);
  await store.close();
  const again = await openEpisodeStore(store.directory, { access });
  stores.push(again);
  return again;
}

test('episodes come back as they were, in order, after closing too', async () => {
  const store = await openAt('memory.v1');
  expect([1, 2, 3].map((seed) => store.append(rememberedEpisode(seed)))).toEqual([1, 2, 3]);
  const check = (now: EpisodeStore) => {
    expect([1, 2, 3].map((number) => now.read(number))).toEqual([1, 2, 3].map((seed) => rememberedEpisode(seed)));
    expect(now.list()).toMatchObject([
      { number: 1, seed: 1, task: 'push-to-goal', world: 'tabletop', steps: 6, moments: 6 },
      { number: 2, outcome: rememberedEpisode(2).outcome },
      { number: 3, encoder: 'encoder-a' },
    ]);
    expect(now.verify()).toEqual([]);
  };
  check(store);
  check(await reopen(store, 'read'));
  expect(readdirSync(join(folder, 'memory.v1')).sort()).toEqual(['data.mdb', 'lock.mdb']);
});

test('an episode that is there already is not kept twice', async () => {
  const store = await openAt('memory');
  expect([5, 6, 5, 6, 7].map((seed) => store.append(rememberedEpisode(seed)))).toEqual([1, 2, 1, 2, 3]);
  expect(store.list()).toHaveLength(3);
});

test('the state names what is remembered: the same for the same episodes in any order, another for others', async () => {
  const [a, b] = [await openAt('a'), await openAt('b')];
  const empty = a.state();
  expect(empty.episodes).toBe(0);
  for (const seed of [1, 2, 3]) a.append(rememberedEpisode(seed));
  for (const seed of [9, 3, 1, 2]) b.append(rememberedEpisode(seed));
  expect(a.state()).not.toEqual(b.state());
  b.forget([1]);
  expect(a.state()).toEqual(b.state());
  expect(a.state()).toMatchObject({ episodes: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await reopen(a)).state()).toEqual(b.state());
  b.forget([2, 3, 4]);
  expect(b.state()).toEqual(empty);
});

test('what is forgotten is gone, and its number is never given again', async () => {
  const store = await openAt('memory');
  for (const seed of [1, 2, 3]) store.append(rememberedEpisode(seed));
  expect(store.forget([3, 1, 3, 77])).toBe(2);
  expect(store.list().map(({ number }) => number)).toEqual([2]);
  expect(() => store.read(3)).toThrow("no episode 3 in '");
  expect(store.append(rememberedEpisode(3))).toBe(4);
  expect(store.verify()).toEqual([]);
});

test('an episode takes the place of another, unless it is there already', async () => {
  const store = await openAt('memory');
  for (const seed of [1, 2]) store.append(rememberedEpisode(seed));
  store.replace(1, rememberedEpisode(8));
  expect(store.read(1)).toEqual(rememberedEpisode(8));
  store.replace(1, rememberedEpisode(2));
  expect(store.list().map(({ number, seed }) => [number, seed])).toEqual([[2, 2]]);
  expect(store.verify()).toEqual([]);
});

test('a memory that was opened for reading refuses to change', async () => {
  const store = await reopen(await openAt('memory'), 'read');
  expect(() => store.append(rememberedEpisode(1))).toThrow('opened for reading only');
  expect(store.list()).toEqual([]);
  expect(store.state().episodes).toBe(0);
});

test.each(['read', 'change'] as const)('opening to %s makes no memory where there is none', async (access) => {
  await expect(openAt('nothing', access)).rejects.toThrow("no memory in '");
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that holds other files is left alone', async () => {
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  await expect(openAt('model')).rejects.toThrow('holds other files and is no memory');
  expect(readdirSync(join(folder, 'model'))).toEqual(['config.json']);
});

describe('damage', () => {
  /** A closed memory of three episodes. */
  async function closedMemory(): Promise<string> {
    const store = await openEpisodeStore(join(folder, 'memory'));
    for (const seed of [1, 2, 3]) store.append(rememberedEpisode(seed));
    await store.close();
    return join(folder, 'memory', 'data.mdb');
  }

  test.each([1, 100, 4095, 4096, 8191, 8192, 12288, 20000])('a file cut to %d bytes is refused', async (size) => {
    truncateSync(await closedMemory(), size);
    await expect(openAt('memory')).rejects.toThrow(/^the memory in '.*' is damaged: .*data\.mdb/);
    await expect(openAt('memory', 'read')).rejects.toThrow('is damaged');
  });

  test('so is a file that is not a memory', async () => {
    writeFileSync(await closedMemory(), Buffer.alloc(40_000, 7));
    await expect(openAt('memory')).rejects.toThrow('does not begin as one');
  });

  test('a file of no bytes, left by a process killed in making it, is a new memory', async () => {
    truncateSync(await closedMemory(), 0);
    rmSync(join(folder, 'memory', 'lock.mdb'));
    expect((await openAt('memory')).append(rememberedEpisode(1))).toBe(1);
  });

  test('verifying finds the episode in which a single bit has turned', async () => {
    const path = await closedMemory();
    const bytes = readFileSync(path);
    // The second episode's first action, wherever LMDB has put it, older pages included.
    const { actions } = rememberedEpisode(2).experience;
    const wanted = Buffer.from(actions.buffer, actions.byteOffset, 8);
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at)) bytes[at]! ^= 1;
    writeFileSync(path, bytes);
    const store = await openAt('memory');
    expect(store.verify()).toEqual(['episode 2 is not what was written: its digest differs']);
    store.forget([2]);
    expect(store.verify()).toEqual([]);
  });

  test('verifying finds an episode without a digest, and a digest without an episode', async () => {
    const path = join(await closedMemory(), '..');
    const root = open({ path, noSubdir: false, overlappingSync: false });
    const episodes = root.openDB<Uint8Array, number>('episodes', { encoding: 'binary', keyEncoding: 'uint32' });
    episodes.putSync(2, Buffer.from('nonsense'));
    episodes.putSync(9, episodes.get(1)!);
    episodes.removeSync(3);
    await root.close();
    const problems = (await openAt('memory', 'read')).verify();
    expect(problems).toEqual([
      'episode 2: a remembered episode is damaged: it does not begin as one',
      'episode 9 has no digest',
      'episode 3 is missing, its digest is there',
    ]);
  });

  test('a memory of another version is refused, and so is writing to it', async () => {
    const path = join(await closedMemory(), '..');
    const root = open({ path, noSubdir: false, overlappingSync: false });
    root.openDB('meta', { encoding: 'json' }).putSync('format', 'amitable.memory/9');
    await root.close();
    await expect(openAt('memory')).rejects.toThrow("has the format 'amitable.memory/9', this version reads");
  });

  test('a copy of the file is the memory', async () => {
    const path = await closedMemory();
    mkdirSync(join(folder, 'copy'));
    copyFileSync(path, join(folder, 'copy', 'data.mdb'));
    expect((await openAt('copy')).verify()).toEqual([]);
  });
});

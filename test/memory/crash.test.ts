import { once } from 'node:events';
import { join } from 'node:path';
import { openEpisodeStore } from '../../src/memory/episode-store.ts';
import { createMemoryProcesses, killWriters, type MemoryProcesses, outputOf } from './kill.ts';

let processes: MemoryProcesses;

beforeAll(() => {
  processes = createMemoryProcesses();
});

afterAll(() => processes.dispose());

test('five writers killed at random moments lose nothing that was acknowledged', async () => {
  expect(await killWriters(processes, 5, 1)).toBeGreaterThanOrEqual(3);
});

test('two writers queue, and a reader beside them sees whole episodes only, more and more of them', async () => {
  const directory = join(processes.folder, 'shared');
  await (await openEpisodeStore(directory)).close();
  const each = 15;
  const writers = [0, 1].map((i) => processes.start('write', directory, 1000 * i, each));
  const reader = processes.start('read', directory, 2 * each);
  const [a, b, seen] = await Promise.all([...writers, reader].map((child) => outputOf(child).all));
  for (const child of [...writers, reader]) {
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  }
  const numbers = [...a!, ...b!].map((line) => Number(line.split(' ')[0]));
  expect(numbers.sort((x, y) => x - y)).toEqual(Array.from({ length: 2 * each }, (_, i) => i + 1));
  const counts = seen!.map(Number);
  expect(counts.at(-1)).toBe(2 * each);
  expect(counts).toEqual([...counts].sort((x, y) => x - y));
  const store = await openEpisodeStore(directory, { access: 'read' });
  expect(store.verify()).toEqual([]);
  expect(new Set(store.list().map(({ seed }) => seed)).size).toBe(2 * each);
  await store.close();
});

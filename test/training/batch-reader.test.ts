import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createBatchReader } from '../../src/training/batch-reader.ts';
import { compileSources } from '../support/compile-sources.ts';

let sources: string;
beforeAll(() => {
  sources = compileSources('src', 'test/training');
});
afterAll(() => rmSync(sources, { recursive: true }));

const read = (workers: number, first: number): string[] =>
  execFileSync(process.execPath, [join(sources, 'test/training/batch-process.js'), `${workers}`, `${first}`], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');

test('any number of workers gives the same bytes, from the first step on or a later one', () => {
  const [alone, one, three] = [read(0, 0), read(1, 0), read(3, 5)];
  expect(alone).toHaveLength(13);
  expect(new Set(alone).size).toBe(13);
  expect(one.slice(0, 12)).toEqual(alone.slice(0, 12));
  expect(three.slice(0, 7)).toEqual(alone.slice(5, 12));
  // With a source that can't be made in a thread: without threads nobody makes it.
  expect(alone[12]).toBe('read');
  for (const lines of [one, three]) expect(lines.at(-1)).toMatch(/windows of 2000 steps do not fit/);
});

test('a source without a plan is read here; half a worker is refused', async () => {
  const batch = { x: Float32Array.of(1) };
  const source = { inputs: { x: { shape: [1] } }, batchAt: () => batch };
  const reader = await createBatchReader(source, { workers: 2, steps: 3 });
  expect(await reader.at(2)).toBe(batch);
  await reader.dispose();
  await expect(createBatchReader(source, { workers: 0.5, steps: 3 })).rejects.toThrow(/workers must be a whole number/);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createRng } from '../../src/core/rng.ts';
import { openEpisodeStore } from '../../src/memory/episode-store.ts';
import { compileSources } from '../support/compile-sources.ts';
import { rememberedEpisode } from './remembered.ts';

/** The sources as a plain Node can run them, for a suite's processes. */
export interface MemoryProcesses {
  start(...args: readonly (string | number)[]): ChildProcess;
  /** A folder of its own for memories. */
  readonly folder: string;
  dispose(): void;
}

export function createMemoryProcesses(): MemoryProcesses {
  const sources = compileSources('src/core', 'src/memory', 'test/memory');
  const folder = mkdtempSync(join(tmpdir(), 'amitable-memory-'));
  return {
    folder,
    start: (...args) =>
      spawn(process.execPath, [join(sources, 'test/memory/remembering-process.js'), ...args.map(String)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    dispose() {
      for (const path of [sources, folder]) rmSync(path, { recursive: true });
    },
  };
}

export interface Output {
  /** Fulfilled with the first line, or null where the process ends without one. */
  readonly first: Promise<string | null>;
  /** Every line that the process printed, once it has ended. */
  readonly all: Promise<string[]>;
}

export function outputOf(child: ChildProcess): Output {
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
  const closed = once(reader, 'close');
  return {
    first: Promise.race([once(reader, 'line'), closed]).then(([line]) => line ?? null),
    all: closed.then(() => lines),
  };
}

/**
 * Kills a writing process with SIGKILL at a random moment, `kills` times over on one memory, and each time opens what
 * it left: nothing that was acknowledged may be missing or changed, nothing else be there but the one episode that
 * may have been written and not yet acknowledged, and the next writer must be able to go on.
 *
 * @returns How many episodes were acknowledged.
 */
export async function killWriters(processes: MemoryProcesses, kills: number, seed: number): Promise<number> {
  const directory = join(processes.folder, `killed-${seed}`);
  const rng = createRng(seed, 'kill');
  /** Number -> seed, of all that was ever acknowledged. */
  const acknowledged = new Map<number, number>();
  for (let kill = 0; kill < kills; kill++) {
    const first = 1000 * kill;
    const child = processes.start('write', directory, first, 1000);
    const { first: firstLine, all } = outputOf(child);
    // Every third in its start, the making of the memory included; the others at work.
    if (kill % 3 !== 0) await firstLine;
    await setTimeout(rng.between(0, 200));
    child.kill('SIGKILL');
    const lines = await all;
    for (const line of lines) {
      const [number, episodeSeed] = line.split(' ').map(Number) as [number, number];
      acknowledged.set(number, episodeSeed);
    }
    const store = await openEpisodeStore(directory);
    try {
      expect(store.verify()).toEqual([]);
      const kept = new Map(store.list().map(({ number, seed: episodeSeed }) => [number, episodeSeed]));
      for (const [number, episodeSeed] of acknowledged)
        expect([number, kept.get(number)]).toEqual([number, episodeSeed]);
      for (const line of lines) {
        const [number, episodeSeed] = line.split(' ').map(Number) as [number, number];
        expect(store.read(number)).toEqual(rememberedEpisode(episodeSeed));
      }
      const unasked = [...kept].filter(([number]) => !acknowledged.has(number));
      expect(unasked.length).toBeLessThanOrEqual(1);
      // It was written whole, or it would not be there: from now on it counts.
      for (const [number, episodeSeed] of unasked) {
        expect(episodeSeed).toBe(first + lines.length);
        acknowledged.set(number, episodeSeed);
      }
    } finally {
      await store.close();
    }
  }
  return acknowledged.size;
}

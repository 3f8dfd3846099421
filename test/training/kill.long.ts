import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createRng } from '../../src/core/rng.ts';
import { compileSources } from '../support/compile-sources.ts';

const kills = 20;
/** Of the process that is killed: more than so many kills let it do, and few enough that some hit its second half. */
const steps = 160;
const seed = 3;

test(`training killed ${kills} times at random moments ends with the weights of an uninterrupted run`, async () => {
  const sources = compileSources('src', 'test/training');
  const folder = mkdtempSync(join(tmpdir(), 'amitable-kill-'));
  const rng = createRng(1, 'kill training');
  /** Runs until done, or until killed `later` milliseconds after `lines` lines; the lines it printed. */
  const run = async (out: string, lines = Number.POSITIVE_INFINITY, later = 0): Promise<string[]> => {
    const child = spawn(process.execPath, [join(sources, 'test/training/training-process.js'), out, String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const printed: string[] = [];
    const closed = once(child, 'close');
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      if (printed.length === lines) void setTimeout(later).then(() => child.kill('SIGKILL'));
    });
    const [code, signal] = await closed;
    if (signal !== 'SIGKILL') expect(code).toBe(0);
    return printed;
  };
  try {
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    const started = performance.now();
    const uninterrupted = await run(whole);
    // With all that comes before the first: more than one takes.
    const stepMilliseconds = (performance.now() - started) / steps;
    expect(uninterrupted.filter((line) => line !== 'played').map(Number)).toEqual(
      Array.from({ length: steps }, (_, i) => i + 1),
    );
    const firsts: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const printed = await run(broken, 1 + rng.integer(9), rng.between(0, stepMilliseconds));
      const done = printed.filter((line) => line !== 'played').map(Number);
      if (done.length > 0) firsts.push(done[0]!);
    }
    // Each went on where the one before had come to, or did again the step that was not yet written; none got through.
    expect(firsts.every((step, i) => i === 0 || step >= firsts[i - 1]!)).toBe(true);
    expect(new Set(firsts).size).toBeGreaterThan(kills / 2);
    expect(firsts.at(-1)).toBeGreaterThan(steps / 2);
    expect(readdirSync(broken)).not.toContain('config.json');
    await run(broken);
    for (const file of ['model.safetensors', 'config.json']) {
      expect(readFileSync(join(broken, file)).equals(readFileSync(join(whole, file)))).toBe(true);
    }
    expect(readdirSync(broken).sort()).toEqual(readdirSync(whole).sort());
  } finally {
    for (const path of [sources, folder]) rmSync(path, { recursive: true });
  }
});

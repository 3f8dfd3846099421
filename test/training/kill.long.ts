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
const seed = 3;

test(`training killed ${kills} times at random moments ends with the weights of an uninterrupted run`, async () => {
  const sources = compileSources('src', 'test/training');
  const folder = mkdtempSync(join(tmpdir(), 'amitable-kill-'));
  const rng = createRng(1, 'kill training');
  /** Runs until done, or until killed a moment after `lines` lines; the lines it printed. */
  const run = async (out: string, lines: number): Promise<string[]> => {
    const child = spawn(process.execPath, [join(sources, 'test/training/training-process.js'), out, String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const printed: string[] = [];
    const moment = rng.between(0, 30);
    const closed = once(child, 'close');
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      if (printed.length === lines) void setTimeout(moment).then(() => child.kill('SIGKILL'));
    });
    const [code, signal] = await closed;
    if (signal !== 'SIGKILL') expect(code).toBe(0);
    return printed;
  };
  try {
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    const uninterrupted = await run(whole, Number.POSITIVE_INFINITY);
    expect(uninterrupted.filter((line) => line !== 'played').map(Number)).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
    const firsts: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const printed = await run(broken, 1 + rng.integer(9));
      const steps = printed.filter((line) => line !== 'played').map(Number);
      if (steps.length > 0) firsts.push(steps[0]!);
    }
    // Each went on where the one before had come to, or did again the step that was not yet written; none got through.
    expect(firsts.every((step, i) => i === 0 || step >= firsts[i - 1]!)).toBe(true);
    expect(new Set(firsts).size).toBeGreaterThan(kills / 2);
    expect(readdirSync(broken)).not.toContain('config.json');
    await run(broken, Number.POSITIVE_INFINITY);
    for (const file of ['model.safetensors', 'config.json']) {
      expect(readFileSync(join(broken, file)).equals(readFileSync(join(whole, file)))).toBe(true);
    }
    expect(readdirSync(broken).sort()).toEqual(readdirSync(whole).sort());
  } finally {
    for (const path of [sources, folder]) rmSync(path, { recursive: true });
  }
});

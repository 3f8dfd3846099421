import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type BenchReport, withoutTimes } from '../../src/eval/bench-report.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { compileProgram } from '../support/compile-program.ts';

/** Parts that don't come out even. */
const call = ['--tasks', 'reach,push-to-goal', '--policies', 'expert,random', '--episodes', '13', '--replays', '0'];

let folder: string;
let whole: BenchReport;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-bench-'));
  whole = await bench();
});

afterAll(() => rm(folder, { recursive: true }));

async function succeed(args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await callCommandLine([...args, '--json', '--quiet']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const bench = async (...more: readonly string[]) => (await succeed(['bench', ...call, ...more])) as BenchReport;

/** The JSON but for times, and for the commit: somebody may commit while tests run. */
function decided(report: BenchReport): string {
  return JSON.stringify({ ...withoutTimes(report), environment: { ...report.environment, commit: null } });
}

async function resultFiles(out: string): Promise<string[]> {
  const names = await readdir(join(out, 'results'), { recursive: true });
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).sort();
}

describe('shards', () => {
  it.each([1, 3, 7])('merge to what one machine writes, times aside: %i of them', async (of) => {
    const places: string[] = [];
    for (let index = of; index >= 1; index--) {
      const out = join(folder, `of-${of}`, `machine-${index}`);
      await bench('--shard', `${index}/${of}`, '--out', out);
      places.push(out);
    }
    const merged = (await succeed(['merge', places.join(',')])) as BenchReport;
    expect(decided(merged)).toBe(decided(whole));
  });

  it('may share a folder, where the whole run then finds all of it played', async () => {
    const out = join(folder, 'shared');
    for (const index of [1, 2]) await bench('--shard', `${index}/2`, '--out', out);
    const before = await resultFiles(out);
    // Two tasks, two policies, 13 episodes ten at a time.
    expect(before).toHaveLength(2 * 2 * 2);
    const { stderr } = await callCommandLine(['bench', ...call, '--out', out]);
    expect(stderr).toContain('52 of 52 episodes were played before and are kept');
    expect(await resultFiles(out)).toEqual(before);
    expect(decided((await succeed(['merge', out])) as BenchReport)).toBe(decided(whole));
  });

  it('are refused where one is missing, there twice, of another benchmark or changed', async () => {
    const [one, two, other] = ['one', 'two', 'other'].map((name) => join(folder, 'refused', name)) as [
      string,
      string,
      string,
    ];
    await bench('--shard', '1/2', '--out', one);
    await bench('--shard', '2/2', '--out', two);
    await bench('--shard', '2/2', '--out', other, '--seed', '7');
    const refusal = async (...places: readonly string[]) => {
      const { code, stderr } = await callCommandLine(['merge', places.join(',')]);
      expect(code).toBe(1);
      return stderr;
    };
    expect(await refusal(one)).toContain('shards are missing: 2 of 2');
    expect(await refusal(one, one, two)).toContain('are both shard 1/2');
    expect(await refusal(one, other)).toMatch(
      /of another benchmark .*'expert' on 'reach' these differ: manifest, seeds/,
    );
    const path = join(two, 'shard-2-of-2.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"key":"[0-9a-f]{4}/, '"key":"0000'));
    expect(await refusal(one, two)).toContain('holds results that its plan does not ask for');
  });

  it('must be named as what they are', async () => {
    for (const shard of ['0/3', '4/3', '2', '1/0', 'a/b']) {
      const { code, stderr } = await callCommandLine(['bench', '--shard', shard]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('--shard is i/n with i from 1 to n')]);
    }
    const { code, stderr } = await callCommandLine(['bench', '--shard', '1/2', '--memory', folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('exclude each other')]);
  });
});

describe('what was played', () => {
  it('is played anew where anything that decides it is another', async () => {
    const out = join(folder, 'anew');
    const playedWith = async (...more: readonly string[]): Promise<number> => {
      await bench('--tasks', 'reach', '--policies', 'random', '--episodes', '10', '--out', out, ...more);
      return (await resultFiles(out)).length;
    };
    expect(await playedWith()).toBe(1);
    expect(await playedWith('--batch', '3')).toBe(1);
    expect(await playedWith('--threads', '1')).toBe(2);
    expect(await playedWith('--seed', '1')).toBe(3);
  });

  it('is refused where its file is damaged', async () => {
    const out = join(folder, 'damaged');
    await bench('--out', out);
    const [file] = await resultFiles(out);
    await writeFile(join(out, 'results', file!), '{"schema":"amitable.bench-ch');
    const { code, stderr } = await callCommandLine(['bench', ...call, '--out', out]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is damaged: it is not JSON. Remove it and run again/)]);
  });

  it('outlives kill -9: the next run goes on and comes out the same', async () => {
    const program = compileProgram();
    const out = join(folder, 'killed');
    // Eight parts, so that there is time to be killed in.
    const args = ['--tasks', 'reach', '--policies', 'random', '--episodes', '80', '--json', '--quiet'];
    const start = (...more: readonly string[]) =>
      spawn(process.execPath, [program.main, 'bench', ...args, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
    const finish = async (process_: ReturnType<typeof start>): Promise<BenchReport> => {
      let text = '';
      process_.stdout!.on('data', (data) => {
        text += data;
      });
      await once(process_, 'close');
      return JSON.parse(text);
    };
    try {
      let kills = 0;
      for (const least of [1, 3]) {
        const running = start('--out', out);
        const ended = once(running, 'close');
        const played = () => (existsSync(join(out, 'results')) ? countResults(join(out, 'results')) : 0);
        while (played() < least && running.exitCode === null) await setTimeout(10);
        if (running.kill('SIGKILL')) kills++;
        await ended;
      }
      expect(kills).toBe(2);
      const kept = await resultFiles(out);
      expect(kept.length).toBeGreaterThanOrEqual(3);
      expect(kept.length).toBeLessThan(8);
      const resumed = await finish(start('--out', out));
      expect(await resultFiles(out)).toHaveLength(8);
      expect(decided(resumed)).toBe(decided(await finish(start())));
    } finally {
      await rm(program.folder, { recursive: true });
    }
  });
});

function countResults(results: string): number {
  return readdirSync(results, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name))
    .length;
}

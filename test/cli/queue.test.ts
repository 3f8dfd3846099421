import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDataset } from '../../src/data/dataset-reader.ts';
import { type BenchReport, withoutTimes } from '../../src/eval/bench-report.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { compileProgram } from '../support/compile-program.ts';
import { hasRedis, layWire, startRedis, type TestRedis, type Wire } from '../support/redis.ts';

const installed = hasRedis();
if (!installed) {
  process.stderr.write(
    '\n*** The queue is NOT tested: there is no redis-server here (apt-get install redis-server)\n\n',
  );
}

/** 24 parts. */
const call = [
  '--tasks',
  'two-rooms',
  '--policies',
  'random',
  '--episodes',
  '240',
  '--replays',
  '0',
  '--json',
  '--quiet',
];
const parts = 24;

(installed ? describe : describe.skip)('the queue', () => {
  let redis: TestRedis;
  let wire: Wire;
  let program: ReturnType<typeof compileProgram>;
  let folder: string;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    redis = await startRedis();
    wire = await layWire(redis.url);
    program = compileProgram();
    folder = await mkdtemp(join(tmpdir(), 'amitable-queue-'));
  });

  afterAll(async () => {
    await wire.close();
    await redis.stop();
    for (const each of [program.folder, folder]) await rm(each, { recursive: true, force: true });
  });

  // A test that fails leaves nothing to the next.
  afterEach(() => {
    wire.mend();
    for (const process_ of running) process_.kill('SIGKILL');
  });

  /** A process of the tool, with what it prints. */
  function start(...args: readonly string[]) {
    const process_ = spawn(process.execPath, [program.main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      process_[name].on('data', (data) => {
        printed[name] += data;
      });
    }
    running.add(process_);
    const ended = once(process_, 'close').then(([code]) => {
      running.delete(process_);
      return { code: code as number | null, ...printed };
    });
    return { process: process_, ended };
  }

  const startWorker = () => start('worker', '--queue', wire.url, '--lease', '3');

  it('loses and doubles nothing when a worker is killed and Redis is gone for ten seconds', async () => {
    const out = join(folder, 'bench');
    const workers = Array.from({ length: 4 }, startWorker);
    const bench = start('bench', ...call, '--queue', wire.url, '--out', out);
    const reached = async (least: number): Promise<void> => {
      while (countResults(out) < least && bench.process.exitCode === null) await setTimeout(20);
    };
    await reached(2);
    const victim = workers[Number(process.hrtime.bigint() % 4n)]!;
    expect(victim.process.kill('SIGKILL')).toBe(true);
    await reached(4);
    wire.cut();
    // Workers finish the part that they are at, and can fetch none beyond it.
    const before = countResults(out);
    await setTimeout(10_000);
    const during = countResults(out);
    wire.mend();
    expect(during - before).toBeLessThanOrEqual(workers.length);
    expect(during).toBeLessThan(parts);

    const { code, stdout, stderr } = await bench.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const merged: BenchReport = JSON.parse(stdout);
    expect(countResults(out)).toBe(parts);
    const seeds = merged.episodes.map(({ seed }) => seed);
    expect([seeds.length, new Set(seeds).size]).toEqual([240, 240]);

    const single = await callCommandLine(['bench', ...call]);
    expect(decided(merged)).toBe(decided(JSON.parse(single.stdout)));

    // Those that were not killed go when they are asked to.
    const others = workers.filter((worker) => worker !== victim);
    for (const { process: process_ } of others) process_.kill('SIGTERM');
    expect((await Promise.all(others.map(({ ended }) => ended))).map((end) => end.code)).toEqual([0, 0, 0]);
  }, 300_000);

  it('collects the data set that one machine collects, and tells what cannot be done', async () => {
    const { process: worker, ended } = startWorker();
    const collect = ['collect', '--task', 'reach', '--episodes', '12', '--seed', '4', '--quiet'];
    const [one, many] = [join(folder, 'one'), join(folder, 'many')];
    const driver = start(...collect, '--out', many, '--queue', wire.url);
    expect((await callCommandLine([...collect, '--out', one])).code).toBe(0);
    expect(await driver.ended).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(`${many}.parts`)).toBe(false);
    const [a, b] = [await openDataset(one), await openDataset(many)];
    expect(b.episodes).toEqual(a.episodes);
    for (const index of a.episodes.keys()) {
      const [first, second] = [await a.episode(index), await b.episode(index)];
      expect(second.steps).toEqual(first.steps);
      expect(await second.frames()).toEqual(await first.frames());
    }
    const data = 'data/chunk-000/file-000.parquet';
    expect((await readFile(join(many, data))).equals(await readFile(join(one, data)))).toBe(true);

    const hopeless = [
      '--tasks',
      'two-rooms',
      '--policies',
      'agent',
      '--model',
      join(folder, 'gone'),
      '--episodes',
      '1',
    ];
    const { code, stderr } = await start('bench', ...hopeless, '--queue', wire.url, '--out', join(folder, 'x')).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('no model in')]);
    worker.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  }, 120_000);
});

test('an address that is none is a wrong call', async () => {
  for (const verb of [['worker'], ['bench', '--out', 'x']]) {
    const { code, stderr } = await callCommandLine([...verb, '--queue', 'localhost:6379']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--queue is the address of a Redis, as redis://')]);
  }
  const { code, stderr } = await callCommandLine(['bench', '--queue', 'redis://localhost']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--queue needs --out')]);
});

function countResults(out: string): number {
  if (!existsSync(join(out, 'results'))) return 0;
  const names = readdirSync(join(out, 'results'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).length;
}

/** The JSON but for times, and for the commit: somebody may commit while tests run. */
function decided(report: BenchReport): string {
  return JSON.stringify({ ...withoutTimes(report), environment: { ...report.environment, commit: null } });
}

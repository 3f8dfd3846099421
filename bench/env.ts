/**
 * Transitions a second, each with its frame: on this thread, and on two worker threads.
 * `--quick` does a tenth of the work, `--json` prints one JSON document.
 */
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { workloads } from './env/workloads.ts';

interface Job {
  readonly workload: string;
  readonly count: number;
  readonly seed: number;
}

interface Result {
  readonly workload: string;
  readonly threads: number;
  readonly transitions: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly transitionsPerSecond: number;
  /** What one thread does when nothing else runs on the machine. */
  readonly transitionsPerCpuSecond: number;
}

/** A first run, not timed, lets the just-in-time compiler finish. */
const warmup = 2_000;

async function measure(workload: string, threads: number, work: () => number | Promise<number>): Promise<Result> {
  const [startWall, startCpu] = [performance.now(), process.cpuUsage()];
  const transitions = await work();
  const { user, system } = process.cpuUsage(startCpu);
  const wallSeconds = (performance.now() - startWall) / 1e3;
  const cpuSeconds = (user + system) / 1e6;
  return {
    workload,
    threads,
    transitions,
    wallSeconds,
    cpuSeconds,
    transitionsPerSecond: transitions / wallSeconds,
    transitionsPerCpuSecond: transitions / cpuSeconds,
  };
}

function onThisThread(workload: string, count: number): Promise<Result> {
  const run = workloads[workload]!;
  run(warmup, 1);
  return measure(workload, 1, () => run(count, 0));
}

/** All workers warm up, then start together. */
async function onWorkers(workload: string, count: number, threads: number): Promise<Result> {
  const workers = Array.from({ length: threads }, (_, i) => {
    const job: Job = { workload, count, seed: 1_000_000 * (i + 1) };
    return new Worker(new URL(import.meta.url), { workerData: job });
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const result = await measure(workload, threads, async () => {
    const counts = workers.map(async (worker) => (await once(worker, 'message'))[0] as number);
    for (const worker of workers) worker.postMessage('start');
    return (await Promise.all(counts)).reduce((a, b) => a + b, 0);
  });
  await Promise.all(workers.map((worker) => worker.terminate()));
  return result;
}

async function work({ workload, count, seed }: Job): Promise<void> {
  workloads[workload]!(warmup, seed);
  parentPort!.postMessage('ready');
  await once(parentPort!, 'message');
  parentPort!.postMessage(workloads[workload]!(count, seed));
}

function print(results: readonly Result[]): void {
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(16))).join('');
  console.log(row(['workload', 'threads', 'transitions/s', 'per CPU second', 'us/transition']));
  for (const { workload, threads, transitionsPerSecond, transitionsPerCpuSecond } of results) {
    const numbers = [threads, transitionsPerSecond, transitionsPerCpuSecond].map((value) =>
      Math.round(value).toString(),
    );
    console.log(row([workload, ...numbers, (1e6 / transitionsPerCpuSecond).toFixed(1)]));
  }
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  });
  const counts: Readonly<Record<string, number>> = {
    'push-to-goal, play policy': 30_000,
    'two-rooms, random actions': 300_000,
    'two-rooms, play generator': 1_000_000,
  };
  const results: Result[] = [];
  for (const [workload, full] of Object.entries(counts)) {
    const count = flags.quick ? full / 10 : full;
    results.push(await onThisThread(workload, count), await onWorkers(workload, count, 2));
  }
  const environment = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  if (flags.json) console.log(JSON.stringify({ schema: 'amitable.bench-env/1', results, environment }, null, 2));
  else print(results);
}

await (isMainThread ? main() : work(workerData as Job));

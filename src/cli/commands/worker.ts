import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunError } from '../../core/errors.ts';
import { defineCommand, type Option } from '../command.ts';
import { optionalText, wholeNumber } from '../options.ts';
import { connect, parseAddress, queueName } from '../queue/redis.ts';

const workerQueue: Option<string> = {
  describe: 'The Redis that hands out work',
  placeholder: 'redis://...',
  required: true,
  parse: parseAddress,
};

export const workerCommand = defineCommand({
  options: {
    queue: workerQueue,
    concurrency: wholeNumber({ describe: 'Parts done at the same time, a process each', minimum: 1, fallback: 1 }),
    results: optionalText('Folder that workers share: what lies there is not done again', 'DIR'),
    lease: wholeNumber({
      describe: 'Seconds after which the work of a worker that is not heard of goes to another',
      minimum: 2,
      fallback: 30,
    }),
  },
  async run({ queue: url, concurrency, results, lease }, terminal) {
    const { Worker } = await import('bullmq');
    const processor = new URL('../queue/processor.js', import.meta.url);
    if (!existsSync(fileURLToPath(processor))) throw new RunError("workers run the build: 'npm run build' first");
    const connection = await connect(url, terminal.note);
    const name = queueName();
    let done = 0;
    const worker = new Worker(name, processor, {
      connection,
      concurrency,
      lockDuration: 1000 * lease,
      stalledInterval: 500 * lease,
      // Machines may come and go as often as they like.
      maxStalledCount: 1_000_000,
      workerForkOptions: {
        env: { ...process.env, ...(results === undefined ? {} : { AMITABLE_WORKER_RESULTS: resolve(results) }) },
      },
    });
    worker.on('error', () => {}); // The connection tells; a lock that was lost is another worker's now.
    worker.on('completed', () => {
      done += 1;
    });
    worker.on('failed', (job, error) => terminal.note(`${job?.name ?? 'work'} failed: ${error.message}`));
    await worker.waitUntilReady();
    terminal.note(`working for ${new URL(url).host} (${name}); stops at SIGINT or SIGTERM, when its parts are done`);
    await new Promise<void>((stop) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
    });
    await worker.close();
    connection.disconnect();
    terminal.result({ done }, `${done} parts done`);
  },
});

import { setTimeout } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { RunError } from '../../core/errors.ts';
import type { ResultStore } from '../../eval/result-store.ts';
import { connect, queueName } from './redis.ts';
import type { WorkItem } from './work-item.ts';

export interface PerformOnQueueOptions {
  readonly items: readonly WorkItem[];
  readonly url: string;
  /** Where results are kept, and looked for before work is handed out. */
  readonly store: ResultStore;
  /** Called once for each item whose result is now in the store. `workers`: who is listening. */
  readonly onDone?: (done: number, workers: number) => void;
  readonly note: (line: string) => void;
}

const pollMilliseconds = 300;
/** Polls between two looks for work that Redis has lost. */
const pollsBetweenSweeps = 30;
const page = 100;

/**
 * Hands work to the workers of a Redis and keeps what comes back. Redis delivers at least once; results are kept by
 * what decides them, so that what is done twice counts once. Whoever is killed here starts again with the same call.
 *
 * @throws RunError where a worker says that the work cannot be done
 */
export async function performOnQueue({ items, url, store, onDone, note }: PerformOnQueueOptions): Promise<void> {
  const open = new Map<string, WorkItem>();
  for (const item of items) if ((await store.get(item.key)) === null) open.set(item.key, item);
  const kept = items.length - open.size;
  if (kept > 0) note(`${kept} of ${items.length} parts were done before and are kept`);
  if (open.size === 0) return;

  const { Queue } = await import('bullmq');
  const connection = await connect(url, note);
  const queue = new Queue<WorkItem, string>(queueName(), { connection });
  queue.on('error', () => {}); // The connection tells.
  let workers = 0;
  try {
    await forgetFailures(queue, open);
    await hand(queue, [...open.values()]);
    for (let poll = 0; open.size > 0; poll++) {
      for (const job of await jobsIn(queue, 'completed', open)) {
        await store.put(job.id!, Buffer.from(job.returnvalue, 'base64'));
        open.delete(job.id!);
        onDone?.(items.length - open.size, workers);
        await job.remove();
      }
      const [failed] = await jobsIn(queue, 'failed', open);
      if (failed !== undefined) throw new RunError(`a worker could not do its part: ${failed.failedReason}`);
      if (poll % pollsBetweenSweeps === 0) {
        workers = await queue.getWorkersCount();
        if (workers === 0 && poll === pollsBetweenSweeps) {
          note(`nobody works on this: start 'amitable worker --queue ${url}' with this very version of the code`);
        }
        if (poll > 0) await handAgain(queue, open);
      }
      if (open.size > 0) await setTimeout(pollMilliseconds);
    }
  } finally {
    await queue.close();
    connection.disconnect();
  }
}

/** Adding what is there already changes nothing. */
async function hand(queue: Queue<WorkItem, string>, items: readonly WorkItem[]): Promise<void> {
  for (let i = 0; i < items.length; i += page) {
    await queue.addBulk(
      items.slice(i, i + page).map((item) => ({
        name: item.kind,
        data: item,
        opts: {
          jobId: item.key,
          attempts: 3,
          backoff: { type: 'exponential', delay: 1000 },
          // Should nobody come for it.
          removeOnComplete: { age: 86_400 },
          removeOnFail: { age: 86_400 },
        },
      })),
    );
  }
}

/** What Redis no longer knows of: it was restarted, or another caller took the result of the same work. */
async function handAgain(queue: Queue<WorkItem, string>, open: ReadonlyMap<string, WorkItem>): Promise<void> {
  for (const [key, item] of [...open].slice(0, 10 * page)) {
    if ((await queue.getJobState(key)) === 'unknown') await hand(queue, [item]);
  }
}

/** An earlier call's failures: the cause may be mended. */
async function forgetFailures(queue: Queue<WorkItem, string>, open: ReadonlyMap<string, WorkItem>): Promise<void> {
  for (const job of await jobsIn(queue, 'failed', open)) await job.remove();
}

async function jobsIn(
  queue: Queue<WorkItem, string>,
  state: 'completed' | 'failed',
  open: ReadonlyMap<string, WorkItem>,
): Promise<Job<WorkItem, string>[]> {
  const found: Job<WorkItem, string>[] = [];
  for (let start = 0; ; start += page) {
    const jobs = await queue.getJobs([state], start, start + page - 1, true);
    found.push(...jobs.filter((job) => job?.id !== undefined && open.has(job.id)));
    if (jobs.length < page) return found;
  }
}

/**
 * What a worker's sandbox runs: a process of its own, since search keeps an event loop busy for so long that a queue's
 * locks would run out meanwhile. Started by BullMQ, never imported.
 */
import type { Job } from 'bullmq';
import { UnrecoverableError } from 'bullmq';
import { describeError, RunError, UsageError } from '../../core/errors.ts';
import { createResultStore } from '../../eval/result-store.ts';
import { createPerformer } from './perform.ts';
import type { WorkItem } from './work-item.ts';

const folder = process.env.AMITABLE_WORKER_RESULTS;
const performer = createPerformer(folder === undefined ? null : createResultStore(folder));

// Without its worker nobody takes what it does.
process.on('disconnect', () => process.exit(1));

export default async function process_(job: Job<WorkItem>): Promise<string> {
  try {
    return Buffer.from(await performer.perform(job.data)).toString('base64');
  } catch (error) {
    // What is wrong with the work itself stays wrong.
    if (error instanceof UsageError || error instanceof RunError) throw new UnrecoverableError(describeError(error));
    throw error;
  }
}

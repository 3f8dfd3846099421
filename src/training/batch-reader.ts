import type { Piscina } from 'piscina';
import { UsageError } from '../core/errors.ts';
import type { Batch, BatchSource } from './batch-source.ts';

/** Batches in the order of their steps, put together while the step before is at work. */
export interface BatchReader {
  /** The arrays are reused by the next call. */
  at(step: number): Promise<Batch>;
  dispose(): Promise<void>;
}

export interface BatchReaderOptions {
  /** Threads beside this one; 0 puts batches together here, when they are asked for. @defaultValue 0 */
  readonly workers?: number;
  /** How many steps there are: nothing is put together beyond. */
  readonly steps: number;
}

/** What a worker is asked for: the batch of a step, into these arrays. */
export interface BatchTask {
  readonly step: number;
  readonly arrays: Record<string, Float32Array<ArrayBuffer>>;
}

/**
 * Reads a source. A batch depends on its step alone, so it is the same wherever it is put together: any number of
 * workers gives the same bytes. Sources that can't be made elsewhere are read here. Memory holds a batch for each
 * worker and two more.
 */
export async function createBatchReader(
  source: BatchSource,
  { workers = 0, steps }: BatchReaderOptions,
): Promise<BatchReader> {
  if (!Number.isInteger(workers) || workers < 0)
    throw new UsageError(`workers must be a whole number of at least 0, got ${workers}`);
  const { plan, inputs } = source;
  if (workers === 0 || plan === undefined) {
    return { at: async (step) => source.batchAt(step), dispose: async () => {} };
  }
  const { Piscina: createPool } = await import('piscina');
  const pool: Piscina = new createPool({
    filename: new URL('./batch-worker.js', import.meta.url).href,
    workerData: plan,
    minThreads: workers,
    maxThreads: workers,
  });
  const allocate = (): BatchTask['arrays'] =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape }]) => [
        name,
        new Float32Array(shape.reduce((size, length) => size * length, 1)),
      ]),
    );
  const spare: BatchTask['arrays'][] = [];
  const pending = new Map<number, Promise<BatchTask['arrays']>>();
  let lent: BatchTask['arrays'] | null = null;
  const ask = (step: number): Promise<BatchTask['arrays']> => {
    const asked = pending.get(step);
    if (asked !== undefined) return asked;
    const arrays = spare.pop() ?? allocate();
    const task: BatchTask = { step, arrays };
    const answer: Promise<BatchTask['arrays']> = pool.run(task, {
      transferList: Object.values(arrays).map(({ buffer }) => buffer),
    });
    // Who awaits it hears of a failure; until then it is nobody's.
    answer.catch(() => {});
    pending.set(step, answer);
    return answer;
  };
  return {
    async at(step) {
      if (lent !== null) spare.push(lent);
      lent = null;
      for (let ahead = step; ahead <= Math.min(step + workers, steps - 1); ahead++) void ask(ahead);
      const batch = await ask(step);
      pending.delete(step);
      lent = batch;
      return batch;
    },
    async dispose() {
      // A pool that is gone takes the answer of a thread still at work for an error.
      await Promise.allSettled(pending.values());
      await pool.destroy();
    },
  };
}

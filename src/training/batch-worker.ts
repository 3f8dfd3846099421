import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { BatchTask } from './batch-reader.ts';
import type { BatchPlan, BatchSource } from './batch-source.ts';
import { createTwoRoomsBatches } from './two-rooms-windows.ts';

const { options } = workerData as BatchPlan;
// Made when first asked, so that what goes wrong is told to whoever asks.
let source: BatchSource | undefined;

/** Puts a batch together in a thread of its own, and hands it over without a copy. */
export default function putTogether({ step, arrays }: BatchTask): object {
  source ??= createTwoRoomsBatches(options);
  const batch = source.batchAt(step);
  for (const [name, values] of Object.entries(arrays)) values.set(batch[name]!);
  return move({ [transferableSymbol]: Object.values(arrays).map(({ buffer }) => buffer), [valueSymbol]: arrays });
}

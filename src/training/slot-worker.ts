import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { SlotTask } from './collect-slot-episodes.ts';
import { createSlotPlayer, type SlotPlay } from './slot-episodes.ts';

// Ends with its thread.
const player = createSlotPlayer(workerData as SlotPlay);

/** Plays some episodes in a thread of its own, and hands them over without a copy. */
export default async function playSome({ first, count }: SlotTask): Promise<object> {
  const played = await player.play(first, count);
  const arrays = Object.values(played).filter((values) => ArrayBuffer.isView(values));
  return move({ [transferableSymbol]: arrays.map(({ buffer }) => buffer), [valueSymbol]: played });
}

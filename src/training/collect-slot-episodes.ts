import type { Piscina } from 'piscina';
import { allocateSlotEpisodes, createSlotPlayer, type SlotEpisodes, type SlotPlay } from './slot-episodes.ts';

export interface CollectOptions extends SlotPlay {
  readonly count: number;
  /** Threads beside this one, which waits for them; 0 plays here. No number of them changes a byte. @defaultValue 0 */
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a thread is asked for: these episodes of the play that it was made for. */
export interface SlotTask {
  readonly first: number;
  readonly count: number;
}

/** Short enough to be shared out evenly and to show progress, long enough to be worth the way. */
const portionSize = 50;

/**
 * Plays and perceives `count` episodes of a split. Each depends on seed and index alone and is perceived by itself, so
 * portions of them can be played anywhere.
 */
export async function collectSlotEpisodes({
  count,
  workers = 0,
  onProgress = () => {},
  ...play
}: CollectOptions): Promise<SlotEpisodes> {
  const whole = allocateSlotEpisodes(play, count);
  const tasks = Array.from({ length: Math.ceil(count / portionSize) }, (_, i): SlotTask => {
    const first = i * portionSize;
    return { first, count: Math.min(portionSize, count - first) };
  });
  let done = 0;
  const note = (task: SlotTask, portion: SlotEpisodes): void => {
    place(whole, portion, task.first);
    done += task.count;
    onProgress(done, count);
  };
  if (workers === 0) {
    const player = createSlotPlayer(play);
    for (const task of tasks) note(task, await player.play(task.first, task.count));
    await player.dispose();
    return whole;
  }
  const { Piscina: createPool } = await import('piscina');
  // This thread has nothing to do meanwhile: its processor is lent to one more.
  const threads = workers + 1;
  const pool: Piscina = new createPool({
    filename: new URL('./slot-worker.js', import.meta.url).href,
    workerData: play,
    minThreads: threads,
    maxThreads: threads,
  });
  const lanes = Array.from({ length: threads }, async () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) note(task, await pool.run(task));
  });
  try {
    await Promise.all(lanes);
  } finally {
    // After a failure what has begun is let end, and no more begins: a thread that is stopped in the middle of an
    // inference takes the whole process with it, and with that the error that says what went wrong.
    tasks.length = 0;
    await Promise.allSettled(lanes);
    await pool.destroy();
  }
  return whole;
}

const parts = [
  ...(['centroid', 'crop', 'actions', 'proprioception', 'labels', 'headings'] as const),
  ...(['headingMask', 'mirroredHeadingMask', 'presence'] as const),
] as const;

/** Puts a portion in its place. */
function place(whole: SlotEpisodes, portion: SlotEpisodes, first: number): void {
  for (const part of parts) whole[part].set(portion[part], first * (portion[part].length / portion.episodes));
}

import type { ResultStore } from '../../eval/result-store.ts';
import type { WorkItem } from '../queue/work-item.ts';
import type { Terminal } from '../terminal.ts';

export interface PerformAllOptions {
  readonly items: readonly WorkItem[];
  /** Where all results are afterwards; what is there already is not done again. */
  readonly store: ResultStore;
  /** The Redis whose workers do it; undefined: here, one after the other. */
  readonly queue: string | undefined;
  /** What the bar says. */
  readonly label: string;
  readonly terminal: Terminal;
}

/** Sees to it that all results are in the store. */
export async function performAll({ items, store, queue, label, terminal }: PerformAllOptions): Promise<void> {
  const progress = terminal.progress(label, items.length);
  try {
    if (queue !== undefined) {
      const { performOnQueue } = await import('../queue/perform-on-queue.ts');
      await performOnQueue({
        items,
        url: queue,
        store,
        onDone: (done, workers) => progress.update(done, `${workers} workers`),
        note: terminal.note,
      });
      return;
    }
    const { createPerformer } = await import('../queue/perform.ts');
    const performer = createPerformer(store);
    try {
      for (const [done, item] of items.entries()) {
        await performer.perform(item);
        progress.update(done + 1);
      }
    } finally {
      await performer.dispose();
    }
  } finally {
    progress.stop();
  }
}

import type { Memory } from '../core/memory-contracts.ts';
import type { EndedEpisode } from '../eval/run-episodes.ts';
import type { EpisodeStore, StoreState } from '../memory/episode-store.ts';
import type { StoredModel } from '../world-model/model-store.ts';

/** One folder of remembered episodes, as each model of a call sees it. */
export interface Memories {
  /**
   * What this model can recall: the same all through the call, whatever is remembered meanwhile. Null without a folder.
   * @throws UsageError where another model perceived what is there
   */
  of(model: StoredModel): Promise<Memory | null>;
  /** What the folder held when the call began; null without a folder, or where no agent needed it. */
  state(): StoreState | null;
  close(): Promise<void>;
}

export function createMemories(directory: string | undefined): Memories {
  let store: EpisodeStore | null = null;
  let state: StoreState | null = null;
  const opened = new Map<string, Memory>();
  return {
    async of({ hash, config }) {
      if (directory === undefined) return null;
      const known = opened.get(hash);
      if (known !== undefined) return known;
      const { openEpisodeStore } = await import('../memory/episode-store.ts');
      const { openMemory } = await import('../memory/open-memory.ts');
      store ??= await openEpisodeStore(directory);
      state ??= store.state();
      const memory = openMemory({ store, encoder: hash, world: config.world });
      opened.set(hash, memory);
      return memory;
    },
    state: () => state,
    close: async () => store?.close(),
  };
}

/** Keeps what a policy lived through and how the simulator says it ended. */
export async function rememberEpisode(memory: Memory, { experience, outcome, seed }: EndedEpisode): Promise<void> {
  if (experience !== null) await memory.remember(experience, outcome, seed);
}

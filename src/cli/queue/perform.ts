import type { ResultStore } from '../../eval/result-store.ts';
import type { BenchPlayer } from '../work/play-bench-job.ts';
import type { WorkItem } from './work-item.ts';

/** Does pieces of work, one after the other. */
export interface Performer {
  /** The result as bytes; where `store` has it already, nothing is done. */
  perform(item: WorkItem): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** @param store where results are kept and looked for; null: nowhere */
export function createPerformer(store: ResultStore | null): Performer {
  let player: BenchPlayer | undefined;

  const work = async (item: WorkItem): Promise<Uint8Array> => {
    if (item.kind === 'bench') {
      const { createBenchPlayer } = await import('../work/play-bench-job.ts');
      const { encodeChunk } = await import('../../eval/bench-chunk.ts');
      player ??= createBenchPlayer();
      return new TextEncoder().encode(encodeChunk(await player.play(item.job)));
    }
    if (item.kind === 'collect') {
      const { collectEpisodes } = await import('../work/collect-episodes.ts');
      return collectEpisodes(item);
    }
    const { trainModel } = await import('../work/train-model.ts');
    return trainModel(item);
  };

  return {
    async perform(item) {
      const known = (await store?.get(item.key)) ?? null;
      if (known !== null) return known;
      const result = await work(item);
      await store?.put(item.key, result);
      return result;
    },
    dispose: async () => player?.dispose(),
  };
}

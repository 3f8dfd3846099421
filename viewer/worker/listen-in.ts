import type { Present } from '../../src/agent/imagination.ts';
import { createImagination, type Imagination, type ImaginationOptions } from '../../src/agent/imagination.ts';
import type { Scorer, Scores } from '../../src/core/contracts.ts';

/** What one call of the scorer was asked and answered. */
export interface HeardIteration {
  /** [S, H, A] */
  readonly candidates: Float32Array;
  readonly samples: number;
  readonly scores: Scores;
}

/** A decision's search as the imagination heard it. */
export interface HeardSearch {
  readonly imagination: Imagination;
  readonly present: Present;
  readonly iterations: HeardIteration[];
}

/** Makes imaginations that let a search be followed. They outlive agents, and with them their compiled graphs. */
export interface Listener {
  newImagination(options: ImaginationOptions): Imagination;
  /** What was searched since the last call; null where nothing was. An agent's later what-ifs don't count. */
  take(): HeardSearch | null;
  dispose(): Promise<void>;
}

export function createListener(): Listener {
  const kept = new Map<string, Imagination>();
  let heard: HeardSearch | null = null;

  const follow = (scorer: Scorer, search: HeardSearch): Scorer => {
    const note = <S extends Scores>(candidates: Float32Array, samples: number, scores: S): S => {
      search.iterations.push({ candidates: candidates.slice(), samples, scores });
      return scores;
    };
    return {
      score: async (candidates, samples) => note(candidates, samples, await scorer.score(candidates, samples)),
      ...(scorer.scoreWithGradient === undefined
        ? {}
        : {
            scoreWithGradient: async (candidates, samples, penalty) =>
              note(candidates, samples, await scorer.scoreWithGradient!(candidates, samples, penalty)),
          }),
    };
  };

  const listenTo = (imagination: Imagination): Imagination => ({
    ...imagination,
    scorer(presents, cost) {
      const scorer = imagination.scorer(presents, cost);
      if (heard !== null) return scorer;
      heard = { imagination, present: presents[0]!, iterations: [] };
      return follow(scorer, heard);
    },
  });

  return {
    newImagination(options) {
      const key = JSON.stringify([options.model.hash, options.slots, options.horizon, options.device]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const fresh = listenTo(createImagination(options));
      kept.set(key, fresh);
      return fresh;
    },
    take() {
      const search = heard;
      heard = null;
      return search;
    },
    async dispose() {
      for (const imagination of kept.values()) await imagination.dispose();
      kept.clear();
    },
  };
}

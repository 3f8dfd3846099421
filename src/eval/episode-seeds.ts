import { deriveSeed } from '../core/rng.ts';

/**
 * The seeds of evaluation episodes: the same for every policy, so that comparisons are paired. They are held out
 * from training by construction: nothing but evaluation draws from streams named 'bench' (a test holds this), and
 * streams of different names are independent.
 */
export function episodeSeeds(seed: number, task: string, count: number): number[] {
  return Array.from({ length: count }, (_, index) => episodeSeed(seed, task, index));
}

/** The seed of the episode at `index`. */
export function episodeSeed(seed: number, task: string, index: number): number {
  return deriveSeed(seed, 'bench', task, index);
}

import type { EpisodeResult } from './run-episodes.ts';

export interface ViolatorCounts {
  /** Episodes in which the pusher broke a guardrail. */
  readonly pusherViolationEpisodes: number;
  /** Episodes in which an object did. */
  readonly objectViolationEpisodes: number;
}

/** By whom guardrails were broken: what the agent moves itself should break fewer than what it pushes. */
export function countViolators(episodes: readonly Pick<EpisodeResult, 'violators'>[]): ViolatorCounts {
  const count = (breaks: (who: string) => boolean): number =>
    episodes.filter(({ violators }) => violators.some(breaks)).length;
  return {
    pusherViolationEpisodes: count((who) => who === 'pusher'),
    objectViolationEpisodes: count((who) => who !== 'pusher'),
  };
}

import type { Candidate, Ordering } from './population.ts';

/** Plans [H, A] that a search is given beside those it draws. */
export interface GivenPlans {
  /** What is left of the last plan; null at the start. */
  readonly warmStart: Float32Array | null;
  /** From memory, best first. */
  readonly recalled: readonly Float32Array[];
  /** Elites of the last search, best first. */
  readonly suggestions: readonly Float32Array[];
}

/** Who is what among the first candidates. */
export interface Seating {
  /** The brake, the warm start and suggestions: on the first places. */
  readonly first: readonly Float32Array[];
  /** What is recalled: on the last places. */
  readonly last: readonly Float32Array[];
  /** How many are to be drawn; where that is more than there are places between, the rest are dropped. */
  readonly draws: number;
}

/**
 * Gives places to at most half of the first candidates, the rest being for draws: the brake before the warm start
 * before what is recalled before suggestions. One recalled plan has a place even beyond, while one is left to be drawn:
 * where search is small, memory is worth most. As many are drawn as without a memory, and from the front: so a recalled
 * plan costs the place it takes and changes no other candidate.
 */
export function seat(samples: number, brake: Float32Array, { warmStart, recalled, suggestions }: GivenPlans): Seating {
  const half = Math.floor(samples / 2);
  const sure = [brake, ...(warmStart === null ? [] : [warmStart])].slice(0, half);
  const room = Math.max(half - sure.length, Math.min(1, samples - sure.length - 1));
  const last = recalled.slice(0, room);
  return {
    first: [...sure, ...suggestions].slice(0, Math.max(sure.length, half - last.length)),
    last,
    draws: samples - Math.min(half, sure.length + suggestions.length),
  };
}

/** Of each recalled plan in the first population: whether it is better than all that were drawn. */
export function whichOutdid(population: readonly Candidate[], { first, last }: Seating, ordering: Ordering): boolean[] {
  const end = population.length - last.length;
  const drawn = population.slice(first.length, end);
  return population.slice(end).map((recalled) => drawn.every((other) => ordering.compare(recalled, other) < 0));
}

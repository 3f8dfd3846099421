import type { IterationView } from '../protocol.ts';
import type { HeardIteration } from './listen-in.ts';

/** Rollouts drawn for one decision, the chosen one not counted: as many as one can tell apart. */
export const fanSize = 40;
/** Of these, the best of the last iterations. */
const eliteCount = 10;

/** Which candidates of a search are drawn. */
export interface Fan {
  /** [fanSize, H, A] */
  readonly candidates: Float32Array;
  readonly elite: Uint8Array;
  readonly safe: Uint8Array;
}

/** The best of the last iteration, and an even choice from all iterations before. */
export function selectFan(iterations: readonly HeardIteration[]): Fan {
  const length = iterations[0]!.candidates.length / iterations[0]!.samples;
  const fan: Fan = {
    candidates: new Float32Array(fanSize * length),
    elite: new Uint8Array(fanSize),
    safe: new Uint8Array(fanSize),
  };
  let at = 0;
  const take = ({ candidates, scores }: HeardIteration, index: number, elite: boolean): void => {
    fan.candidates.set(candidates.subarray(index * length, (index + 1) * length), at * length);
    fan.elite[at] = elite ? 1 : 0;
    fan.safe[at] = scores.violation[index]! > 0 ? 0 : 1;
    at++;
  };
  const total = iterations.reduce((sum, { samples }) => sum + samples, 0);
  const others = fanSize - eliteCount;
  for (let i = 0; i < others; i++) {
    let index = Math.floor(((i + 0.5) * total) / others);
    const iteration = iterations.find(({ samples }) => {
      if (index < samples) return true;
      index -= samples;
      return false;
    })!;
    take(iteration, index, false);
  }
  const last = iterations.at(-1)!;
  const best = ranked(last);
  // Small searches show their best more than once; drawn over each other, that is no different.
  for (let i = 0; i < eliteCount; i++) take(last, best[i % best.length]!, true);
  return fan;
}

/** Candidates from the best on: those that break nothing by cost, then the others by how much they break. */
function ranked({ scores: { cost, violation }, samples }: HeardIteration): number[] {
  const worth = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  return Array.from({ length: samples }, (_, i) => i).sort(
    (a, b) => worth(violation[a]!) - worth(violation[b]!) || worth(cost[a]!) - worth(cost[b]!),
  );
}

/** Costs by iteration. Where some candidates are safe, only those count: the others are never chosen. */
export function summarise(iterations: readonly HeardIteration[]): IterationView[] {
  return iterations.map(({ samples, scores: { cost, violation } }) => {
    const isSafe = (i: number): boolean => violation[i]! <= 0;
    const all = Array.from({ length: samples }, (_, i) => i).filter((i) => Number.isFinite(cost[i]!));
    const safe = all.filter(isSafe);
    const costs = (safe.length > 0 ? safe : all).map((i) => cost[i]!).sort((a, b) => a - b);
    return {
      best: costs[0] ?? Number.NaN,
      median: costs[costs.length >> 1] ?? Number.NaN,
      worst: costs.at(-1) ?? Number.NaN,
      safe: safe.length / samples,
    };
  });
}

import type { Frame, Truth } from '../core/contracts.ts';

/**
 * One decision of an episode. The frame and the truth are those the action was chosen in; what came of it is
 * told by the `next` fields and by the following step.
 */
export interface EpisodeStep {
  readonly action: Float32Array;
  /** What the pusher's own body told then, as `Observation.proprioception`. Absent where the world gives none. */
  readonly proprioception?: Float32Array;
  /** The simulator's exact state, from `Environment.getState`. Privileged: never an agent's input. */
  readonly state: Float64Array;
  /** Positions and angles in the order of the data set's `truthNames`. Privileged: labels for probes. */
  readonly truth: Float32Array;
  readonly nextReward: number;
  /** The episode ended with this step. */
  readonly nextDone: boolean;
  readonly nextSuccess: boolean;
  /** Guardrails were broken during this step. */
  readonly nextViolation: boolean;
}

/** An episode that is wholly in memory. */
export interface Episode {
  /** What the environment was reset with. */
  readonly seed: number;
  readonly steps: readonly EpisodeStep[];
  /** One a step: what was seen when its action was chosen. */
  readonly frames: readonly Frame[];
}

/** An episode on disk: numbers read, frames decoded when asked for. */
export interface StoredEpisode {
  readonly seed: number;
  readonly steps: readonly EpisodeStep[];
  /** Frames of the steps [from, to). @defaultValue all */
  frames(from?: number, to?: number): Promise<Frame[]>;
}

/** Names of the truth's numbers: `pusher.x`, `pusher.y`, ..., then `cup.angle`, ... in the truth's own order. */
export function truthNames(truth: Truth): string[] {
  return [
    ...Object.keys(truth.positions).flatMap((name) => [`${name}.x`, `${name}.y`]),
    ...Object.keys(truth.angles).map((name) => `${name}.angle`),
  ];
}

/** The truth's numbers in the order of `truthNames`: table widths and radians. */
export function truthNumbers(truth: Truth): Float32Array {
  return Float32Array.from([...Object.values(truth.positions).flat(), ...Object.values(truth.angles)]);
}

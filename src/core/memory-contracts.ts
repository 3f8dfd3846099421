import type { Frame, Instruction } from './contracts.ts';

/** What lasts beyond an episode: the contracts through which agents and stores of memories meet. */

/** What a decision is about, as memory compares it with others. */
export interface Situation {
  /** What is asked of how many things. Situations of different kinds are never compared. */
  readonly kind: string;
  /** [P, 2] The points that matter, table widths, in an order that the kind fixes: pusher, object, its goal, ... */
  readonly points: Float32Array;
  /** [K] What latents tell beyond the points. */
  readonly key: Float32Array;
}

/** A look at the table: where a decision began. */
export interface Moment {
  /** Control steps executed before it. */
  readonly step: number;
  readonly frame: Frame;
  /** What the pusher's own body told then, as in observations. Absent where the world gives none. */
  readonly proprioception?: Float32Array;
  /** [N, 2] Where the agent perceived each entity, table widths. */
  readonly positions: Float32Array;
  /** Null where nothing was left to do. */
  readonly situation: Situation | null;
}

/** An episode as its agent lived it. How it ended is not here: an agent is never told. */
export interface Experience {
  readonly instruction: Instruction;
  readonly moments: readonly Moment[];
  /** [T, A] Executed actions, one a control step. */
  readonly actions: Float32Array;
  readonly actionSize: number;
}

/** How an episode ended, by the simulator's verdict. */
export interface Outcome {
  readonly success: boolean;
  /** The task's distance left, table widths. */
  readonly finalDistance: number;
  readonly violationSteps: number;
  /** Kinds of guardrails that were broken, each once. */
  readonly violations: readonly string[];
}

/** What lasts from episode to episode. */
export interface Memory {
  /** The encoder whose latents are in its situations: an agent with another one must not use it. */
  readonly encoder: string;
  /**
   * What was done from the most alike moments of remembered successes on, best first: at most `count` sequences of
   * at most `steps` control steps, [T, A] each, turned to the present. None where nothing alike is remembered.
   */
  recall(situation: Situation, request: { readonly count: number; readonly steps: number }): Float32Array[];
  /** Keeps an episode. When the promise is fulfilled, no crash can lose it. Returns the episode's number. */
  remember(experience: Experience, outcome: Outcome, seed: number): Promise<number>;
}

import type { Imagined, Instruction } from '../core/contracts.ts';
import type { TaskSpec } from '../core/task.ts';

/** One episode, exactly: each state can be put back into an environment of the task and rendered. */
export interface Recording {
  readonly task: TaskSpec;
  /** What the environment was reset with. */
  readonly seed: number;
  /** The name of the policy that played. */
  readonly policy: string;
  readonly instruction: Instruction;
  /** The simulator's verdict at the end. */
  readonly success: boolean;
  /** The state the first decision was made in. */
  readonly initialState: Float64Array;
  readonly steps: readonly RecordedStep[];
}

/** One decision and what came of it. */
export interface RecordedStep {
  readonly action: Float32Array;
  /** What the policy imagined when it decided, in the state *before* the action; null where it imagines nothing. */
  readonly imagined: Imagined | null;
  /** Whether the policy said then that it could not go on safely. */
  readonly unable: boolean;
  /** The state after the action. */
  readonly state: Float64Array;
  /** Guardrails broken during the step, as the simulator saw them. */
  readonly violations: readonly string[];
  /** The task's distance left after the step. */
  readonly distance: number;
}

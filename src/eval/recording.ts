import type { Imagined, Instruction } from '../core/contracts.ts';
import type { TaskSpec } from '../core/task.ts';

/** One moment of an episode, before anything was done in it. */
export interface RecordedStep {
  /** From `Environment.getState`: enough to draw the scene again, at any size. */
  readonly state: Float64Array;
  /** What the policy did here; null at the last moment, where nothing is left to do. */
  readonly action: Float32Array | null;
  /** What the policy imagined when it chose the action, where it imagines. */
  readonly imagined: Imagined | null;
  /** Guardrails broken, in the true simulator, on the way into this moment; empty at the first. */
  readonly violations: readonly string[];
}

/** All of one episode that replays and reports need: the simulator's states, not pictures. */
export interface Recording {
  readonly task: TaskSpec;
  readonly instruction: Instruction;
  readonly seed: number;
  /** The policy's name. */
  readonly policy: string;
  /** The moments in order: one more than there were actions. */
  readonly steps: readonly RecordedStep[];
  /** By the task's own rule, decided by the simulator. */
  readonly success: boolean;
}

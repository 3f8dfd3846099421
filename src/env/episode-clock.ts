import { UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';

/** Counts an episode's steps and applies the task's timing rule: when success is judged, when the episode ends. */
export interface EpisodeClock {
  /** Control steps taken. */
  readonly steps: number;
  /** Steps in a row, up to now, after which the success predicates held. */
  readonly held: number;
  /** Whether the task is solved now, its timing rule included. */
  readonly success: boolean;
  /** Solved by first hit. */
  readonly terminated: boolean;
  /** The budget is used up. */
  readonly truncated: boolean;
  /** Counts a step. `holds`: whether all success predicates hold after it. */
  tick(holds: boolean): void;
  /** @throws UsageError where the episode has ended. */
  refuseAfterEnd(): void;
}

/** @param start Where to count from: zero for a new episode. */
export function createEpisodeClock(
  { budgetSteps, success: { when, holdSteps = 1 } }: TaskSpec,
  start: { readonly steps: number; readonly held: number } = { steps: 0, held: 0 },
): EpisodeClock {
  let { steps, held } = start;
  return {
    get steps() {
      return steps;
    },
    get held() {
      return held;
    },
    get success() {
      return held >= holdSteps && (when === 'first-hit' || steps >= budgetSteps);
    },
    get terminated() {
      return when === 'first-hit' && held >= holdSteps;
    },
    get truncated() {
      return steps >= budgetSteps;
    },
    tick(holds) {
      steps++;
      held = holds ? held + 1 : 0;
    },
    refuseAfterEnd() {
      if (!this.truncated && !this.terminated) return;
      throw new UsageError(`the episode has ended after ${steps} steps: call reset({ seed }) before stepping on`);
    },
  };
}

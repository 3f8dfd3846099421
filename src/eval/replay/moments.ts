import type { Environment, EpisodeInfo, Frame, Imagined, Truth } from '../../core/contracts.ts';
import { RunError } from '../../core/errors.ts';
import type { Recording } from '../recording.ts';

/** A recorded episode at one point in time, played again in the simulator. */
export interface Moment {
  /** Actions done so far. */
  readonly step: number;
  /** What the agent saw here. */
  readonly seen: Frame;
  /** The people's picture, [size, size, 3]. */
  readonly picture: Frame;
  readonly info: EpisodeInfo;
  /** What the policy imagined here, before it acted; null at the end, and where it imagines nothing. */
  readonly imagined: Imagined | null;
  /** Whether the policy said here that it cannot go on safely. */
  readonly unable: boolean;
  /** The truth at every moment so far, this one included, whichever were drawn. */
  readonly trail: readonly Truth[];
  /** Guardrails broken on the way into this moment. */
  readonly violations: readonly string[];
}

/**
 * Plays a recording again and yields its moments: one more than there were actions. Pictures are drawn for the
 * moments that `wanted` accepts only, and only these are yielded.
 * @throws RunError where the environment does not reproduce the recorded states bit for bit.
 */
export function* replayMoments(
  recording: Recording,
  environment: Environment,
  size: number,
  wanted: (step: number) => boolean = () => true,
): Generator<Moment> {
  const { seed, initialState, steps } = recording;
  const start = environment.reset({ seed });
  checkState(recording, environment, initialState, 0);
  const trail: Truth[] = [];
  let { info, observation } = start;
  for (let step = 0; step <= steps.length; step++) {
    if (step > 0) {
      const { action, state } = steps[step - 1]!;
      ({ info, observation } = environment.step(action));
      checkState(recording, environment, state, step);
    }
    trail.push(info.truth);
    if (!wanted(step)) continue;
    yield {
      step,
      seen: observation.frame,
      picture: environment.render(size),
      info,
      imagined: steps[step]?.imagined ?? null,
      unable: steps[step]?.unable ?? false,
      trail: [...trail],
      violations: step === 0 ? [] : steps[step - 1]!.violations,
    };
  }
}

function checkState(recording: Recording, environment: Environment, expected: Float64Array, step: number): void {
  const state = environment.getState();
  if (state.length === expected.length && state.every((value, i) => Object.is(value, expected[i]))) return;
  throw new RunError(
    `the recording of task '${recording.task.id}', seed ${recording.seed}, does not play again in this environment: ` +
      `the state differs after step ${step}. It was made with another task or version; record the episode anew`,
  );
}

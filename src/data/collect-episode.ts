import ndarray from 'ndarray';
import type { Environment, EpisodeInfo, Frame, Instruction, Observation } from '../core/contracts.ts';
import { frameBytes } from '../core/frame-bytes.ts';
import { type Episode, type EpisodeStep, truthNumbers } from './episode.ts';

/** Whoever moves the pusher while data are collected; scripted play may look at the truth. */
export interface Collector {
  /** Called after the environment was reset, before the first `act`. */
  begin?(start: CollectorStart): Promise<void> | void;
  act(observation: Observation, info: EpisodeInfo): Promise<ArrayLike<number>> | ArrayLike<number>;
}

export interface CollectorStart {
  /** To look at, for scripts that know the true state; whoever collects leaves it as it is. */
  readonly environment: Environment;
  readonly instruction: Instruction;
  readonly seed: number;
}

export interface CollectEpisodeOptions {
  readonly environment: Environment;
  readonly collector: Collector;
  readonly seed: number;
  /** Ends the episode early. @defaultValue the task's budget */
  readonly maxSteps?: number;
}

/** Plays one episode and keeps all of it. Actions are clipped to the action space, as the environment does. */
export async function collectEpisode(options: CollectEpisodeOptions): Promise<Episode> {
  const { environment, collector, seed, maxSteps = Number.POSITIVE_INFINITY } = options;
  const start = environment.reset({ seed });
  let { observation, info } = start;
  await collector.begin?.({ environment, instruction: start.instruction, seed });
  const steps: EpisodeStep[] = [];
  const frames: Frame[] = [];
  for (let done = false; !done; ) {
    const action = environment.actionSpace.clip(await collector.act(observation, info));
    const state = environment.getState();
    const truth = truthNumbers(info.truth);
    const { proprioception } = observation;
    frames.push(copyFrame(observation.frame));
    const result = environment.step(action);
    done = result.terminated || result.truncated || steps.length + 1 >= maxSteps;
    steps.push({
      action,
      ...(proprioception === undefined ? {} : { proprioception: proprioception.slice() }),
      state,
      truth,
      nextReward: result.reward,
      nextDone: done,
      nextSuccess: result.info.success,
      nextViolation: result.info.violations.length > 0,
    });
    ({ observation, info } = result);
  }
  return { seed, steps, frames };
}

/** Environments may paint the next frame into the same array. */
function copyFrame(frame: Frame): Frame {
  return ndarray(Uint8Array.from(frameBytes(frame)), [...frame.shape]);
}

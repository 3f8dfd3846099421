import type { Frame, Observation } from '../core/contracts.ts';
import { stackFrames } from '../core/stack-frames.ts';
import type { ModelConfig } from '../world-model/config.ts';

/** What an agent has before it of the last few looks of an episode. */
export interface ShortTermMemory {
  /** The observation as its model takes it: the frames of the looks before in front of its own, as many as it goes by. */
  look(observation: Observation): Observation;
}

/** For one episode. Until there were enough looks, the first one's frame stands for those before it. */
export function createShortTermMemory({ history = 1 }: Pick<ModelConfig, 'history'>): ShortTermMemory {
  let frames: readonly Frame[] = [];
  return {
    look(observation) {
      if (history === 1) return observation;
      const before = frames.length === 0 ? new Array<Frame>(history).fill(observation.frame) : frames;
      frames = [...before.slice(1), observation.frame];
      return { ...observation, frame: stackFrames(frames) };
    },
  };
}

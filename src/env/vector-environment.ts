import ndarray, { type NdArray } from 'ndarray';
import type { Environment, Observation, ResetResult, StepResult } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import type { BoxSpace } from '../core/space.ts';

/**
 * Several episodes of a task in lockstep. Each runs in an environment of its own from a seed of its own, so
 * neither their number nor their order changes what happens in any of them.
 */
export interface VectorEnvironment {
  /** B, the episodes side by side. */
  readonly size: number;
  readonly actionSpace: BoxSpace;
  /** Starts B new episodes. @throws UsageError where the number of seeds is not B. */
  reset(seeds: readonly number[]): ResetResult[];
  /**
   * One step of each episode. An episode that has ended takes no action (its entry is ignored) and gives null,
   * until the next reset.
   * @throws UsageError where an action is missing.
   */
  step(actions: readonly (ArrayLike<number> | null)[]): (StepResult | null)[];
  /** Which episodes still run. */
  readonly running: readonly boolean[];
  /** The latest frame of each episode, copied: bytes [B, height, width, channels]. */
  frames(): NdArray<Uint8Array>;
}

export interface VectorEnvironmentOptions {
  /** Makes an environment; called B times. */
  readonly create: () => Environment;
  /** B. */
  readonly size: number;
}

/** @throws UsageError where there would be no environment. */
export function createVectorEnvironment({ create, size }: VectorEnvironmentOptions): VectorEnvironment {
  if (!(Number.isInteger(size) && size >= 1)) {
    throw new UsageError(`a vector environment needs at least one environment, got size ${size}`);
  }
  const environments = Array.from({ length: size }, create);
  const { actionSpace, frameShape } = environments[0]!;
  const latest: (Observation | null)[] = environments.map(() => null);
  const running: boolean[] = environments.map(() => false);

  return {
    size,
    actionSpace,
    running,
    reset(seeds) {
      if (seeds.length !== size) throw new UsageError(`${size} environments need ${size} seeds, got ${seeds.length}`);
      return environments.map((environment, i) => {
        const result = environment.reset({ seed: seeds[i]! });
        latest[i] = result.observation;
        running[i] = true;
        return result;
      });
    },
    step(actions) {
      if (actions.length !== size) {
        throw new UsageError(`${size} environments need ${size} actions, got ${actions.length}`);
      }
      const missing = running.findIndex((runs, i) => runs && actions[i] === null);
      if (missing >= 0) throw new UsageError(`episode ${missing} is running and got no action`);
      return environments.map((environment, i) => {
        if (!running[i]) return null;
        const result = environment.step(actions[i]!);
        latest[i] = result.observation;
        running[i] = !(result.terminated || result.truncated);
        return result;
      });
    },
    frames() {
      const length = frameShape.reduce((a, b) => a * b, 1);
      const batch = new Uint8Array(size * length);
      latest.forEach((observation, i) => {
        if (observation === null) throw new UsageError('there are no frames yet: call reset(seeds) first');
        batch.set(observation.frame.data, i * length);
      });
      return ndarray(batch, [size, ...frameShape]);
    },
  };
}

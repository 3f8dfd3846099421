import ndarray from 'ndarray';
import { createRng } from '../../core/rng.ts';
import type { Point, TaskSpec } from '../../core/task.ts';
import { type Episode, type EpisodeStep, truthNumbers } from '../../data/episode.ts';
import { createEnvironment } from '../../env/create-environment.ts';
import { drawTwoRooms, twoRoomsFrameShape } from '../../env/two-rooms/draw.ts';
import { twoRoomsTrajectory } from '../../env/two-rooms/play.ts';
import { toFieldWidths } from '../../env/two-rooms/sample-episode.ts';
import { encodeState } from '../../env/two-rooms/state.ts';

/** Decisions of an episode where the caller does not say: the length that the shipped model was trained on. */
const defaultSteps = 90;

/**
 * Play in Two-Rooms is drawn as whole trajectories, half of them partly backwards in time, so it cannot be had from
 * an environment step by step. Each becomes an episode whose targets lie where it ends: a success in hindsight.
 */
export function createTwoRoomsPlay(task: TaskSpec, steps = defaultSteps): (seed: number) => Promise<Episode> {
  const environment = createEnvironment(task);
  const names = Object.keys(task.scene.targets ?? {});
  return async (seed) => {
    const trajectory = twoRoomsTrajectory(createRng(seed, 'collect', 'play'), { frames: steps + 1 });
    const { positions, actions } = trajectory;
    const at = (t: number): Point => [positions[2 * t]!, positions[2 * t + 1]!];
    const targets = Object.fromEntries(names.map((name) => [name, toFieldWidths(at(steps))]));
    const inform = (t: number) => {
      const state = encodeState({ layout: trajectory, steps: t, held: 0, position: at(t), targets });
      environment.setState(state);
      return { state, info: environment.inspect() };
    };
    const [height, width, channels] = twoRoomsFrameShape;
    const moments = Array.from({ length: steps + 1 }, (_, t) => inform(t));
    const episodeSteps = moments.slice(0, steps).map(({ state, info }, t): EpisodeStep => {
      const next = moments[t + 1]!.info;
      return {
        action: actions.slice(2 * t, 2 * t + 2),
        state,
        truth: truthNumbers(info.truth),
        nextReward: -next.distance,
        nextDone: t === steps - 1,
        nextSuccess: t === steps - 1,
        nextViolation: next.violations.length > 0,
      };
    });
    const frames = episodeSteps.map((_, t) => {
      const bytes = new Uint8Array(height * width * channels);
      drawTwoRooms(positions, trajectory, bytes, 2 * t);
      return ndarray(bytes, [height, width, channels]);
    });
    return { seed, steps: episodeSteps, frames };
  };
}

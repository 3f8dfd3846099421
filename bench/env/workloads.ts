import type { Environment } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { createPlayPolicy } from '../../src/env/tabletop/play-policy.ts';
import { pushToGoal } from '../../src/env/tasks/push-to-goal.ts';
import { twoRooms } from '../../src/env/tasks/two-rooms.ts';
import { drawTwoRooms, twoRoomsFrameShape } from '../../src/env/two-rooms/draw.ts';
import { twoRoomsTrajectory } from '../../src/env/two-rooms/play.ts';

/** Makes at least `count` transitions, each with its frame; returns how many. */
export type Workload = (count: number, seed: number) => number;

/** Whole episodes, resets and all, as data are collected. */
export const workloads: Readonly<Record<string, Workload>> = {
  'push-to-goal, play policy': (count, seed) =>
    playEpisodes(createEnvironment(pushToGoal, { frameSize: 64 }), count, seed, (episode) => {
      const policy = createPlayPolicy(createRng(seed, 'bench', 'play', episode));
      return (environment) => policy.act(environment.inspect().truth);
    }),
  'two-rooms, random actions': (count, seed) =>
    playEpisodes(createEnvironment(twoRooms), count, seed, (episode) => {
      const rng = createRng(seed, 'bench', 'random', episode);
      return ({ actionSpace }) => actionSpace.sample(rng);
    }),
  'two-rooms, play generator': (count, seed) => {
    const frame = new Uint8Array(twoRoomsFrameShape.reduce((a, b) => a * b, 1));
    let made = 0;
    for (let i = 0; made < count; i++) {
      const trajectory = twoRoomsTrajectory(createRng(seed, 'bench', 'trajectory', i));
      for (let at = 0; at < trajectory.positions.length; at += 2)
        drawTwoRooms(trajectory.positions, trajectory, frame, at);
      made += trajectory.actions.length / 2;
    }
    return made;
  },
};

function playEpisodes(
  environment: Environment,
  count: number,
  seed: number,
  begin: (episode: number) => (environment: Environment) => ArrayLike<number>,
): number {
  let made = 0;
  for (let episode = 0; made < count; episode++) {
    const act = begin(episode);
    environment.reset({ seed: seed + episode });
    for (let over = false; !over; made++) over = environment.step(act(environment)).truncated;
  }
  return made;
}

import type { Environment, Frame, Truth } from '../core/contracts.ts';
import { createRng, deriveSeed, type Rng } from '../core/rng.ts';
import { colourNames, type ObjectSpec, type TaskSpec } from '../core/task.ts';
import { createEnvironment } from '../env/create-environment.ts';
import { createPlayPolicy } from '../env/tabletop/play-policy.ts';
import type { Recipe } from './recipe.ts';

export type TabletopData = Extract<Recipe['data'], { kind: 'tabletop-play' }>;

/** One played episode: T + 1 observations and truths, T actions. */
export interface PlayedEpisode {
  readonly objects: readonly ObjectSpec[];
  readonly frames: readonly Frame[];
  readonly truths: readonly Truth[];
  readonly actions: readonly Float32Array[];
  /** [T + 1] of [4], as in observations. */
  readonly proprioceptions: readonly Float32Array[];
}

/**
 * Play: the pusher wanders between and through things. Episode `index` depends on the seed and its index alone, so
 * any part of the data can be made again by itself. `split` keeps training, probing and calibration apart.
 */
export function playEpisode(data: TabletopData, seed: number, split: string, index: number): PlayedEpisode {
  const rng = createRng(seed, 'tabletop-play', split, index);
  const task = playTask(data, rng.child('scene'));
  const environment: Environment = createEnvironment(task);
  let { observation, info } = environment.reset({ seed: deriveSeed(seed, 'tabletop-play', split, index, 'reset') });
  const policy = createPlayPolicy(rng.child('policy'));
  const frames = [observation.frame];
  const proprioceptions = [observation.proprioception!];
  const truths = [info.truth];
  const actions: Float32Array[] = [];
  for (let step = 0; step < data.steps; step++) {
    const action = environment.actionSpace.clip(policy.act(info.truth));
    ({ observation, info } = environment.step(action));
    frames.push(observation.frame);
    proprioceptions.push(observation.proprioception!);
    truths.push(info.truth);
    actions.push(action);
  }
  return { objects: task.scene.objects, frames, truths, actions, proprioceptions };
}

/** A table with some objects of distinct colours and nothing to achieve. */
function playTask(data: TabletopData, rng: Rng): TaskSpec {
  const [least, most] = data.objects;
  const count = least + rng.integer(most - least + 1);
  const colours = rng.shuffled(colourNames).slice(0, count);
  return {
    id: 'play',
    scene: {
      objects: colours.map((colour, i) => ({ name: `object-${i + 1}`, shape: rng.pick(data.shapes), colour })),
    },
    objective: [],
    success: { all: [], when: 'final-step' },
    budgetSteps: data.steps,
  };
}

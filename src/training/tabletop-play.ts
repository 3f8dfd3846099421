import type { Environment, Frame, Truth } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import { createRng, deriveSeed, type Rng } from '../core/rng.ts';
import { type ColourName, colourNames, type ObjectSpec, type TaskSpec } from '../core/task.ts';
import { createEnvironment } from '../env/create-environment.ts';
import { createPushTPlay } from '../env/push-t/play.ts';
import { createPlayPolicy, type PlayPolicy } from '../env/tabletop/play-policy.ts';
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
  const createPolicy = data.world === 'push-t' ? createFastPushTPlay : createPlayPolicy;
  const policy = createPolicy(rng.child('policy'));
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

/** What searches try may be faster than the play that episodes are drawn from. */
const fastest = 0.8;

function createFastPushTPlay(rng: Rng): PlayPolicy {
  return createPushTPlay(rng, { fastest });
}

/** The colours that things have in play. */
export function playColours({ world }: TabletopData): readonly ColourName[] {
  return world === 'push-t' ? ['blue'] : colourNames;
}

/** A table with some objects of distinct colours and nothing to achieve. */
function playTask(data: TabletopData, rng: Rng): TaskSpec {
  const [least, most] = data.objects;
  const { world = 'tabletop' } = data;
  if (world === 'push-t' && (most > 1 || data.shapes.join() !== 't')) {
    throw new UsageError("play in 'push-t' has objects [1, 1] of shapes ['t'], since there is nothing else there");
  }
  const count = least + rng.integer(most - least + 1);
  const colours = rng.shuffled(playColours(data)).slice(0, count);
  return {
    id: 'play',
    world,
    scene: {
      objects: colours.map((colour, i) => ({ name: `object-${i + 1}`, shape: rng.pick(data.shapes), colour })),
    },
    objective: [],
    success: { all: [], when: 'final-step' },
    budgetSteps: data.steps,
  };
}

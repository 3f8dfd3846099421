import type { Look } from '../../agent/observer.ts';
import type { Perception } from '../../agent/perception.ts';
import { createRng, deriveSeed } from '../../core/rng.ts';
import type { TaskSpec } from '../../core/task.ts';
import { createEnvironment } from '../../env/create-environment.ts';
import { createPlayPolicy } from '../../env/tabletop/play-policy.ts';
import type { StoredModel } from '../../world-model/model-store.ts';
import { createEpisodeSource } from '../collect/episode-source.ts';
import { observe, pictureFeatures, placeFeatures, readsPlaces } from './inverse-features.ts';

/** What was wanted, with hindsight, and what was done. */
export interface Example {
  readonly features: Float32Array;
  readonly action: Float32Array;
}

/** Predictor steps ahead that a goal in hindsight lies at most. */
const furthest = 20;
/** Moves of an object below this are no purpose of the pusher's: it was somewhere else. Table widths. */
const leastMove = 0.02;

/**
 * Play with hindsight (Andrychowicz et al., 2017): where something came to be is what was wanted, and what was done then
 * was right. Seeds are of a stream of their own.
 */
export async function playExamples(
  model: StoredModel,
  perception: Perception,
  task: TaskSpec,
  episodes: number,
): Promise<Example[]> {
  const collect = readsPlaces(model.config) ? tableExamples : pictureExamples;
  return collect(model, perception, task, episodes);
}

async function tableExamples(
  model: StoredModel,
  perception: Perception,
  task: TaskSpec,
  episodes: number,
): Promise<Example[]> {
  const environment = createEnvironment({ ...task, budgetSteps: playSteps });
  const examples: Example[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const seed = deriveSeed(0, 'inverse-policy', task.id, episode);
    const play = createPlayPolicy(createRng(seed, 'play'));
    const { instruction, ...start } = environment.reset({ seed });
    const observer = observe(model, instruction);
    let { observation, info } = start;
    const looks: Look[] = [];
    const actions: Float32Array[] = [];
    for (let ended = false; !ended; ) {
      looks.push(observer.look(await perception.perceive(observation, [], observer.twins)));
      const action = environment.actionSpace.clip(play.act(info.truth));
      actions.push(action);
      const next = environment.step(action);
      ({ observation, info } = next);
      ended = next.terminated || next.truncated;
    }
    const rng = createRng(seed, 'hindsight');
    for (let t = 0; t + 1 < looks.length; t++) {
      for (let actor = 0; actor < instruction.entities.length; actor++) {
        const later = Math.min(looks.length - 1, t + 1 + rng.integer(furthest));
        const [x, y] = looks[t]!.seen[actor]!.position;
        const goal = looks[later]!.seen[actor]!.position;
        if (actor > 0 && Math.hypot(goal[0] - x, goal[1] - y) < leastMove) continue;
        examples.push({ features: placeFeatures(model.config, looks[t]!, actor, goal), action: actions[t]! });
      }
    }
  }
  return examples;
}

async function pictureExamples(
  model: StoredModel,
  perception: Perception,
  task: TaskSpec,
  episodes: number,
): Promise<Example[]> {
  const { actionRepeat } = model.config;
  const source = createEpisodeSource({ task, policy: 'play' });
  const examples: Example[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const seed = deriveSeed(0, 'inverse-policy', task.id, episode);
    const { frames, steps } = await source(seed);
    const latents: Float32Array[] = [];
    for (let t = 0; t < frames.length; t += actionRepeat) {
      const { proprioception } = steps[t]!;
      const observation = { frame: frames[t]!, ...(proprioception === undefined ? {} : { proprioception }) };
      latents.push((await perception.perceive(observation)).latents.slice());
    }
    const rng = createRng(seed, 'hindsight');
    for (let t = 0; t + 1 < latents.length; t++) {
      const later = Math.min(latents.length - 1, t + 1 + rng.integer(furthest));
      const held = steps.slice(t * actionRepeat, (t + 1) * actionRepeat).map(({ action }) => action);
      const action = held[0]!.map((_, axis) => held.reduce((sum, each) => sum + each[axis]!, 0) / held.length);
      examples.push({ features: pictureFeatures(latents[t]!, latents[later]!), action });
    }
  }
  return examples;
}

const playSteps = 30;

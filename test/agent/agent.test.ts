import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import type { EpisodeStart, Observation } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { palette, pusherColour } from '../../src/env/tabletop/palette.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import type { StoredModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';

/** An untrained model whose every parameter matters, on the true colours. */
function untrainedModel(): StoredModel {
  const { model } = recipeByName('tabletop-small');
  if (model.encoder.kind !== 'colour-slots') throw new Error('the tabletop model has slots');
  const prototypes = [pusherColour, ...Object.values(palette)].map((c) => [...c] as [number, number, number]);
  const config = {
    ...model,
    encoder: { ...model.encoder, background: [238, 235, 228] as [number, number, number], prototypes },
  };
  const layout = layoutOf(worldModelSpecs(config));
  const rng = createRng(4, 'untrained');
  const parameters = initialise(layout, rng).map((value) => (value === 0 ? 0.05 * rng.normal() : value));
  return { config, layout, parameters, hash: 'test', directory: 'test' };
}

const options = { world: 'tabletop', plannerOptions: { samples: 8, iterations: 2, elites: 3, horizon: 3 } } as const;

function startEpisodes(taskId: string, seeds: readonly number[]) {
  return seeds.map((seed) => {
    const environment = createEnvironment(taskById(taskId));
    const { observation, instruction } = environment.reset({ seed });
    return { environment, observation, start: { instruction, seed } satisfies EpisodeStart };
  });
}

/** Plays some steps and returns every action of every episode. */
async function playActions(seeds: readonly number[], batch: number, steps: number): Promise<number[][]> {
  const actions: number[][] = [];
  for (let first = 0; first < seeds.length; first += batch) {
    const agent = await createAgentWithModel(untrainedModel(), options);
    const episodes = startEpisodes('push-to-goal', seeds.slice(first, first + batch));
    await agent.begin(episodes.map(({ start }) => start));
    const played = episodes.map((): number[] => []);
    let seen: Observation[] = episodes.map(({ observation }) => observation);
    for (let step = 0; step < steps; step++) {
      const decisions = await agent.act(seen);
      seen = episodes.map(({ environment }, i) => {
        played[i]!.push(...decisions[i]!.action);
        return environment.step(decisions[i]!.action).observation;
      });
    }
    actions.push(...played);
    agent.dispose?.();
  }
  return actions;
}

test('batch size changes no action, to the bit', async () => {
  const seeds = [11, 12, 13];
  expect(await playActions(seeds, 3, 4)).toEqual(await playActions(seeds, 1, 4));
});

/** An object whose every property outside `allowed` throws when touched. */
function sealed<T extends object>(value: T, allowed: readonly string[]): T {
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === 'string' && !allowed.includes(key)) throw new Error(`the agent touched '${key}'`);
      return Reflect.get(target, key);
    },
    set() {
      throw new Error('the agent wrote to what it was given');
    },
  });
}

test('the agent asks for nothing but observations and instructions', async () => {
  const [episode] = startEpisodes('push-around', [3]);
  const agent = await createAgentWithModel(untrainedModel(), options);
  const { instruction, seed } = episode!.start;
  const sealedInstruction = sealed(instruction, [
    'taskId',
    'objective',
    'guardrails',
    'targets',
    'entities',
    'hands',
    'stages',
    'goalFrame',
    'budgetSteps',
  ]);
  await agent.begin([sealed({ instruction: sealedInstruction, seed }, ['instruction', 'seed'])]);
  const [decision] = await agent.act([sealed(episode!.observation, ['frame', 'proprioception'])]);
  expect(decision!.action).toHaveLength(2);
  expect(Math.max(...decision!.action.map(Math.abs))).toBeLessThanOrEqual(1);
});

test('an object that is not in the frame is an error that names it', async () => {
  const [episode] = startEpisodes('push-to-goal', [3]);
  const agent = await createAgentWithModel(untrainedModel(), options);
  await agent.begin([episode!.start]);
  episode!.observation.frame.data.fill(238);
  await expect(agent.act([episode!.observation])).rejects.toThrow(/cannot see '/);
});

test('a model of another world is refused', async () => {
  await expect(createAgentWithModel(untrainedModel(), { world: 'two-rooms' })).rejects.toThrow(
    /of the world 'tabletop'/,
  );
});

test('with the zone over the whole way, the agent brakes or says that it found no safe plan', async () => {
  const [episode] = startEpisodes('push-around', [5]);
  const agent = await createAgentWithModel(untrainedModel(), options);
  const everywhere = { kind: 'keep-out', who: 'pusher', region: { x: [0, 1], y: [0, 1] } } as const;
  const { instruction, seed } = episode!.start;
  await agent.begin([{ instruction: { ...instruction, guardrails: [everywhere] }, seed }]);
  const [decision] = await agent.act([episode!.observation]);
  expect(decision!.imagined!.fallback).not.toBeNull();
});

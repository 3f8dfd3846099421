import { createAgentWithModel } from '../../../src/agent/create-agent-with-model.ts';
import { chooseThings, createImagination, latentCount } from '../../../src/agent/imagination.ts';
import { createPerception, findEntities } from '../../../src/agent/perception.ts';
import type { Policy } from '../../../src/core/contracts.ts';
import { createRng } from '../../../src/core/rng.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { compileCost } from '../../../src/cost/compile-cost.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { taskById } from '../../../src/env/registry.ts';
import { palette, pusherColour } from '../../../src/env/tabletop/palette.ts';
import { createOraclePixelsPolicy } from '../../../src/eval/baselines/oracle-pixels.ts';
import { createPixelsPolicy } from '../../../src/eval/baselines/pixels.ts';
import { episodeSeeds } from '../../../src/eval/episode-seeds.ts';
import { runEpisodes } from '../../../src/eval/run-episodes.ts';
import { recipeByName } from '../../../src/training/recipes.ts';
import { latentSize, type ModelConfig } from '../../../src/world-model/config.ts';
import type { StoredModel } from '../../../src/world-model/decode-model.ts';
import { pictureShape } from '../../../src/world-model/decoders/create-decoder.ts';
import { untrainedTabletopModel } from '../../support/untrained-model.ts';
import { stirred } from '../../world-model/sample-models.ts';

const planner = { name: 'cem', options: { horizon: 3, samples: 6, iterations: 2, elites: 2 } };

/** A small generative model that nothing was taught. */
function untrained(name: 'tabletop-pixels' | 'two-rooms-pixels'): StoredModel {
  const { model } = recipeByName(name);
  const things = [pusherColour, ...Object.values(palette)].map(([r, g, b]): [number, number, number] => [r, g, b]);
  const flat = { inputSize: 16, latentSize: 8 };
  const encoder =
    name === 'tabletop-pixels'
      ? { ...model.encoder, ...flat, channels: 4, keypoints: 4, hidden: 8 }
      : { ...model.encoder, ...flat, staticSize: 3, channels: [2, 3] };
  const config: ModelConfig = {
    ...model,
    ...(name === 'tabletop-pixels' && { things }),
    encoder: encoder as ModelConfig['encoder'],
    ...{ predictor: { kind: 'residual-mlp', hidden: [12] }, probeHidden: [8], planner },
    decoder: { kind: 'blobs', hidden: [8], count: 4, side: 16 },
  };
  return { config, ...stirred(config), hash: 'untrained', directory: 'untrained' };
}

const play = (policy: Policy, task: string, batchSize: number) =>
  runEpisodes({
    policy,
    createEnvironment: () => createEnvironment({ ...taskById(task), budgetSteps: 5 }),
    seeds: episodeSeeds(3, task, 3),
    batchSize,
  });

describe.each([
  ['tabletop-pixels', 'push-to-goal', 'tabletop'],
  ['two-rooms-pixels', 'two-rooms', 'two-rooms'],
] as const)('%s', (name, task, world) => {
  const model = untrained(name);
  const policies = {
    pixels: () => createPixelsPolicy({ model, world }),
    'pixels of all steps': () => createPixelsPolicy({ model, world, steps: 'ramp' }),
    'pixels-probes': () => createAgentWithModel(model, { world }),
  };

  test.each(Object.keys(policies) as (keyof typeof policies)[])('%s plays the same in any batch', async (which) => {
    const [one, three] = [await policies[which](), await policies[which]()];
    const results = await play(one, task, 1);
    expect(await play(three, task, 3)).toEqual(results);
    expect(results.every(({ steps }) => steps === 5)).toBe(true);
    expect(one.evaluationsPerPlan).toBe(12);
    one.dispose?.();
    three.dispose?.();
  });
});

test('a model that draws nothing plans by no pixels', async () => {
  const silent = untrainedTabletopModel();
  const objective = [{ term: 'goal-image', by: 'pixels' } as const];
  const task = { ...taskById('reach'), objective };
  const agent = await createAgentWithModel(silent, { world: 'tabletop' });
  const createTask = () => createEnvironment(task);
  await expect(runEpisodes({ policy: agent, createEnvironment: createTask, seeds: [1] })).rejects.toThrow(
    'this world model draws nothing',
  );
  await expect(createPixelsPolicy({ model: untrainedTabletopModel(), world: 'tabletop' })).rejects.toThrow(
    "the model in 'untrained' draws nothing",
  );
});

describe('of several things in one flat latent', () => {
  const { config, ...stored } = untrained('tabletop-pixels');
  const model = { config, ...stored };
  const entities = [
    { name: 'pusher', colour: pusherColour },
    { name: 'cup', colour: palette.green },
    { name: 'plate', colour: palette.red },
  ] as const;

  test('entities are told apart by colour, and the probe says where each is', async () => {
    const perception = await createPerception(model, {});
    const { observation } = createEnvironment(taskById('three-goals')).reset({ seed: 1 });
    const percept = await perception.perceive(observation);
    expect(percept.latents).toHaveLength(latentSize(config));
    expect(percept.positions).toHaveLength(2 * 7);
    expect(percept.picture).toHaveLength(16 * 16 * 3);
    const found = findEntities(model, percept, entities);
    expect(found).toEqual([0, 1 + Object.keys(palette).indexOf('green'), 1 + Object.keys(palette).indexOf('red')]);
    expect(latentCount(config, 3)).toBe(1);
    // What is imagined of them is what the probe says of these things, in this order.
    const imagination = createImagination({ model, slots: 3, horizon: 2 });
    const present = { latent: percept.latents, cost: {}, things: chooseThings(config, found)! };
    const [now] = await imagination.foresee(present, new Float32Array(4));
    found.forEach((thing, i) => {
      for (const axis of [0, 1] as const) expect(now![i]![axis]).toBeCloseTo(percept.positions[2 * thing + axis]!, 5);
    });
    await imagination.dispose();
    await perception.dispose();
  });

  test.each(['last', 'ramp'] as const)('the cost by pixels is what is drawn against the picture: %s', async (steps) => {
    const [horizon, samples, stepsLeft] = [3, 2, 2];
    const objective = [{ term: 'goal-image', by: 'pixels', steps } as const];
    const shape = { entities: ['pusher'], horizon, actionSize: 2, latentShape: [1, 8] as const };
    const rails = { guardrails: [], hardGuardrails: [], margins: { pusher: 0, objects: 0 }, radii: [0] };
    const cost = compileCost({ objective, ...shape, ...rails, pictureShape: pictureShape(config)! });
    const rng = createRng(2, 'pixels');
    const draw = (size: number): Float32Array => Float32Array.from({ length: size }, () => rng.normal());
    const [latent, goalPicture, candidates] = [draw(8), draw(16 * 16 * 3), draw(samples * horizon * 2)];
    const instruction = {
      ...{ taskId: 'test', objective, guardrails: [], targets: {}, goalFrame: null, budgetSteps: 9 },
      entities: [entities[0]],
    };
    const binding = { instruction, goalLatent: null, stepsLeft, focus: null };
    expect(() => cost.bind(binding)).toThrow('shows no goal picture');
    const imagination = createImagination({ model, slots: 1, horizon });
    const things = chooseThings(config, [0])!;
    const scorer = imagination.scorer([{ latent, things, cost: cost.bind({ ...binding, goalPicture }) }], cost);
    const { cost: costs } = await scorer.score(candidates, samples);
    // Pictures of each step apart: with one step left the term is that step's error, whatever the reduction.
    const errorAfter = async (step: number): Promise<Float32Array> => {
      const last = [{ term: 'goal-image', by: 'pixels' } as const];
      const one = compileCost({ objective: last, ...shape, ...rails, pictureShape: pictureShape(config)! });
      const bound = one.bind({
        ...binding,
        instruction: { ...instruction, objective: last },
        goalPicture,
        stepsLeft: step,
      });
      return (await imagination.scorer([{ latent, things, cost: bound }], one).score(candidates, samples)).cost;
    };
    const [first, second] = [await errorAfter(1), await errorAfter(2)];
    for (let i = 0; i < samples; i++) {
      const expected = steps === 'last' ? second[i]! : (0.5 * first[i]! + 1.5 * second[i]!) / 2 + second[i]!;
      expect(costs[i]! / expected).toBeCloseTo(1, 4);
      expect(first[i]).not.toBeCloseTo(second[i]!, 3);
    }
    await imagination.dispose();
  });
});

test('by true pixels things are brought where they overlap their goal', async () => {
  const task: TaskSpec = {
    ...taskById('reach'),
    scene: { objects: [], targets: { goal: { from: 'pusher', distance: [0.05, 0.07] } } },
    success: { all: [{ near: ['pusher', 'goal'], within: 0.02 }], when: 'final-step' },
    budgetSteps: 3,
  };
  const createTask = () => createEnvironment(task);
  const run = (batchSize: number) =>
    runEpisodes({
      policy: createOraclePixelsPolicy({ task, createEnvironment: createTask, search: { horizon: 2 } }),
      ...{ createEnvironment: createTask, seeds: episodeSeeds(5, 'reach', 3), batchSize },
    });
  const results = await run(1);
  expect(results.map(({ success }) => success)).toEqual([true, true, true]);
  expect(await run(3)).toEqual(results);
});

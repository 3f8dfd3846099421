import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import { createPerception } from '../../src/agent/perception.ts';
import type { Observation } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { latentSize } from '../../src/world-model/config.ts';
import type { StoredModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

/** An untrained model that goes by proprioception, whose every parameter matters. */
function feelingModel(): StoredModel {
  const plain = untrainedTabletopModel();
  const config = { ...plain.config, proprioception: { velocityScale: 8 } };
  const layout = layoutOf(worldModelSpecs(config));
  const rng = createRng(4, 'untrained');
  const parameters = initialise(layout, rng).map((value) => (value === 0 ? 0.05 * rng.normal() : value));
  return { ...plain, config, layout, parameters };
}

const task = taskById('push-to-goal');
const { observation, instruction } = createEnvironment(task).reset({ seed: 1 });
const moving: Observation = { ...observation, proprioception: Float32Array.of(0.3, 0.3, 0.06, -0.04) };

test('perception has the velocity beside what is seen; without one, the model says what is missing', async () => {
  const model = feelingModel();
  const perception = await createPerception(model, {});
  const size = latentSize(model.config);
  const { latents, positions } = await perception.perceive(moving);
  const still = await perception.perceive(observation);
  expect([...latents.subarray(8, 10)].map((value) => value / 8)).toEqual([
    expect.closeTo(0.06, 6),
    expect.closeTo(-0.04, 6),
  ]);
  expect([...still.latents.subarray(8, 10)]).toEqual([0, 0]);
  expect(latents.subarray(size)).toEqual(still.latents.subarray(size));
  expect(positions).toEqual(still.positions);
  await expect(perception.perceive({ frame: observation.frame })).rejects.toThrow(
    /goes by the pusher's proprioception beside pictures, and none is given/,
  );
  await perception.dispose();
});

test('the agent plans by the velocity that it feels, the same each time, and remembers it', async () => {
  const decide = async (seen: Observation) => {
    const agent = await createAgentWithModel(feelingModel(), {
      world: 'tabletop',
      plannerOptions: { samples: 8, iterations: 2, elites: 3, horizon: 3 },
      memory: { encoder: 'untrained', recall: () => [] },
    });
    await agent.begin([{ instruction, seed: 1 }]);
    const [decision] = await agent.act([seen]);
    const { moments } = agent.experience!(0)!;
    agent.dispose?.();
    return { cost: decision!.imagined!.cost, felt: moments[0]!.proprioception };
  };
  const [first, again, still] = [await decide(moving), await decide(moving), await decide(observation)];
  expect(again).toEqual(first);
  expect(first.felt).toEqual(moving.proprioception);
  expect(still.cost).not.toBe(first.cost);
});

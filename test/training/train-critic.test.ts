import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import type { CriticUse } from '../../src/agent/with-critic.ts';
import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { createCriticBatches, playLatents } from '../../src/training/critic-play.ts';
import { trainCritic } from '../../src/training/train-critic.ts';
import { latentSize } from '../../src/world-model/config.ts';
import { criticSpecs } from '../../src/world-model/critic/critic.ts';
import type { StoredModel } from '../../src/world-model/decode-model.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';
import { tinyTwoRooms } from './tiny-recipes.ts';

const { model: config } = tinyTwoRooms();
const layout = layoutOf(worldModelSpecs(config));
const rng = createRng(4, 'untrained');
const parameters = initialise(layout, rng).map((value) => (value === 0 ? 0.1 * rng.normal() : value));
const model: StoredModel = { config, layout, parameters, hash: 'test', directory: 'test' };

test('pairs are of one trajectory, with the steps in between where play went; actions are within bounds', async () => {
  const play = await playLatents(model, 5, 1);
  const { latents, length, latentSize: size } = play;
  expect([length, size]).toEqual([61, latentSize(config)]);
  const [batch, around, anywhere, lead] = [40, 4, 2, 2];
  const newBatches = () => createCriticBatches({ play, reach: 1.5, batch, around, anywhere, lead, seed: 1 });
  const batches = newBatches();
  const { latent, goal, seen, away, leads, actions } = batches.at(7, 999);
  const momentOf = (row: Float32Array): number =>
    Array.from({ length: 5 * length }, (_, i) => i).find((i) =>
      row.every((value, k) => value === latents[i * size + k]),
    )!;
  for (let row = 0; row < batch; row++) {
    const [from, to] = [latent, goal].map((all) => momentOf(all.subarray(row * size, (row + 1) * size)));
    expect(Math.floor(from! / length)).toBe(Math.floor(to! / length));
    const start = away.subarray(row * (lead + 1), (row + 1) * (lead + 1));
    expect(start.reduce((sum, value) => sum + value)).toBe(1);
    expect(seen[row]).toBe(start[0] === 1 ? Math.abs(to! - from!) : 999);
  }
  for (const all of [leads, actions])
    for (let i = 0; i < all.length; i += 2) expect(Math.hypot(all[i]!, all[i + 1]!)).toBeLessThan(1.5 + 1e-6);
  // The first four go all around at full speed: together they cancel out.
  for (let row = 0; row < batch; row++) {
    const own = actions.subarray(2 * row * (around + anywhere), 2 * (row + 1) * (around + anywhere));
    const sum = [0, 1].map((axis) => [0, 1, 2, 3].reduce((all, c) => all + own[2 * c + axis]!, 0));
    expect(Math.hypot(...sum)).toBeLessThan(1e-5);
    for (let c = 0; c < around; c++) expect(Math.hypot(own[2 * c]!, own[2 * c + 1]!)).toBeCloseTo(1.5, 5);
  }
  batches.at(8, 999);
  expect([...batches.at(7, 999).latent]).toEqual([...newBatches().at(7, 999).latent]);
});

test('the same model and seed give the same critic, another seed another', async () => {
  const few = { model, trajectories: 4, steps: 3 };
  const once = await trainCritic({ ...few, seed: 1 });
  expect(once.every(Number.isFinite)).toBe(true);
  expect(await trainCritic({ ...few, seed: 1 })).toEqual(once);
  expect(await trainCritic({ ...few, seed: 2 })).not.toEqual(once);
});

test('slots, and other worlds, are refused', async () => {
  await expect(trainCritic({ model: untrainedTabletopModel(), seed: 1 })).rejects.toThrow(
    /on one flat latent, in two-rooms/,
  );
});

test('an agent plans with it where it is told to, and not otherwise', async () => {
  const specs = layoutOf(criticSpecs(latentSize(config)));
  const critic = { layout: specs, parameters: initialise(specs, createRng(5, 'critic')) };
  const { instruction, observation } = createEnvironment(taskById('two-rooms')).reset({ seed: 1 });
  const costOf = async (given: StoredModel, use?: CriticUse): Promise<number> => {
    const agent = await createAgentWithModel(given, { world: 'two-rooms', critic: use });
    await agent.begin([{ instruction, seed: 1 }]);
    const [decision] = await agent.act([observation]);
    agent.dispose?.();
    return decision!.imagined!.cost;
  };
  const plain = await costOf(model);
  expect(await costOf({ ...model, critic })).toBe(plain);
  const [terminal, running] = [
    await costOf({ ...model, critic }, { at: 'terminal', tolerance: 0 }),
    await costOf({ ...model, critic }, { at: 'running', tolerance: 0 }),
  ];
  expect(terminal).toBeGreaterThan(plain);
  expect(running).toBeGreaterThan(terminal);
  await expect(costOf(model, { at: 'terminal' })).rejects.toThrow(/has no critic: train one with/);
});

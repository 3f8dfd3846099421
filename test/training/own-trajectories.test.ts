import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { moveTwoRooms } from '../../src/env/two-rooms/move.ts';
import { playOwnTrajectories } from '../../src/training/own-trajectories.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';
import { tinyTwoRooms } from './tiny-recipes.ts';

const { model: config, stages } = tinyTwoRooms();
const layout = layoutOf(worldModelSpecs(config));
const model = { config, layout, parameters: initialise(layout, createRng(1, 'initialise')) };
const episodes = stages[1]!.ownEpisodes!;
const play = (seed: number, stage = 'own') => playOwnTrajectories(model, episodes, 2, seed, stage, { threads: 1 }, {});

test('one plan a block is carried out in the simulator, from where the one before led in its first block', async () => {
  const { plans, broken } = await play(3);
  // 3 episodes of 12 steps; plans of 3 blocks of 4 steps.
  expect(plans.count).toBe(9);
  expect(plans.frames).toBe(13);
  for (let plan = 0; plan < plans.count; plan++) {
    const place = plans.positions.slice(2 * 13 * plan, 2 * 13 * plan + 2);
    const blockwise = new Set<string>();
    for (let t = 0; t < 12; t++) {
      const [dx, dy] = plans.actions.slice(2 * (12 * plan + t), 2 * (12 * plan + t) + 2);
      blockwise.add(`${Math.floor(t / 4)}: ${dx} ${dy}`);
      moveTwoRooms(place, 0, dx!, dy!, { wallX: plans.wallX[plan]!, doorY: plans.doorY[plan]! });
      expect([...place]).toEqual([...plans.positions.slice(2 * (13 * plan + t + 1), 2 * (13 * plan + t + 2))]);
    }
    expect(blockwise.size).toBe(3);
    const isFirst = plan % 3 === 0;
    const start = plans.positions.slice(2 * 13 * plan, 2 * 13 * plan + 2);
    const led = plans.positions.slice(2 * (13 * (plan - 1) + 4), 2 * (13 * (plan - 1) + 4) + 2);
    for (const axis of [0, 1]) if (!isFirst) expect(start[axis]).toBeCloseTo(led[axis]!, 3);
  }
  for (let i = 0; i < broken.length; i += 2) {
    expect(broken[i]).toBeLessThan(9);
    expect(broken[i + 1]).toBeLessThanOrEqual(1);
  }
});

test('the same seed and stage play the same, others do not', async () => {
  const [first, again, other, later] = [await play(3), await play(3), await play(4), await play(3, 'own-again')];
  expect([...again.plans.positions]).toEqual([...first.plans.positions]);
  expect([...again.broken]).toEqual([...first.broken]);
  for (const { plans } of [other, later]) expect([...plans.positions]).not.toEqual([...first.plans.positions]);
});

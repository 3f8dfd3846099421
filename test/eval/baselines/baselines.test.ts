import { createEnvironment } from '../../../src/env/create-environment.ts';
import { registeredTasks, taskById } from '../../../src/env/registry.ts';
import { createExpertPolicy } from '../../../src/eval/baselines/expert.ts';
import { createNoopPolicy } from '../../../src/eval/baselines/noop.ts';
import { createOraclePolicy } from '../../../src/eval/baselines/oracle.ts';
import { physicalObjective } from '../../../src/eval/baselines/physical-objective.ts';
import { createRandomPolicy } from '../../../src/eval/baselines/random.ts';
import { episodeSeeds } from '../../../src/eval/episode-seeds.ts';
import { runEpisodes } from '../../../src/eval/run-episodes.ts';
import { createPointEnvironment } from '../../support/point-environment.ts';

const { actionSpace } = createPointEnvironment();

describe('random', () => {
  it('fills the action space, and differs between episodes', async () => {
    const policy = createRandomPolicy({ actionSpace });
    const results = await runEpisodes({
      policy,
      createEnvironment: () => createPointEnvironment({ when: 'final-step', budgetSteps: 200 }),
      seeds: [1, 2],
      record: () => true,
    });
    const [first, second] = results.map(({ recording }) => recording!.steps.map(({ action }) => Array.from(action)));
    expect(first).not.toEqual(second);
    for (const axis of [0, 1]) {
      const values = first!.map((action) => action[axis]!);
      expect(Math.min(...values)).toBeLessThan(-0.09);
      expect(Math.max(...values)).toBeGreaterThan(0.09);
      // The mean of 200 draws from U(-0.1, 0.1) has a standard deviation of 0.1 / sqrt(3 x 200).
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 200)).toBeLessThan(4 * 0.0041);
    }
  });
});

test('noop changes nothing that is at rest', async () => {
  const policy = createNoopPolicy({ actionSpace });
  const [episode] = await runEpisodes({
    policy,
    createEnvironment: () => createPointEnvironment({ when: 'final-step' }),
    seeds: [1],
    record: () => true,
  });
  const { initialState, steps } = episode!.recording!;
  expect(steps.at(-1)!.state.slice(0, 4)).toEqual(initialState.slice(0, 4));
});

describe('expert', () => {
  // It is scripted for one disc or box on a free table, and for Two-Rooms.
  const scripted = ['reach', 'push-to-goal', 'two-rooms'];
  it.each(registeredTasks.filter(({ id }) => scripted.includes(id)))('solves $id', async (task) => {
    const results = await runEpisodes({
      policy: createExpertPolicy(task),
      createEnvironment: () => createEnvironment(task),
      seeds: episodeSeeds(1, task.id, 10),
    });
    expect(results.filter((episode) => episode.success).length).toBeGreaterThanOrEqual(9);
  });
});

describe('oracle', () => {
  const task = taskById('push-to-goal');

  it('solves on true dynamics, leaves the played environments alone, and foresees what happens', async () => {
    const policy = createOraclePolicy({ task, createEnvironment, search: { samples: 16, iterations: 2 } });
    const results = await runEpisodes({
      policy,
      createEnvironment: () => createEnvironment(task),
      seeds: episodeSeeds(1, task.id, 1),
      record: () => true,
    });
    await policy.dispose?.();
    expect(results[0]!.success).toBe(true);
    // What is imagined for the first step of a plan is what the simulator does.
    const { recording } = results[0]!;
    const environment = createEnvironment(task);
    environment.setState(recording!.initialState);
    for (const { action, imagined } of recording!.steps) {
      const { positions } = environment.step(action).info.truth;
      expect(imagined!.positions[1]).toEqual(
        [positions.pusher, positions.object].map((point) => point!.map(Math.fround)),
      );
    }
  });

  it('is the same for an episode whatever is played beside it', async () => {
    const search = { samples: 4, iterations: 2, elites: 2, horizon: 2 };
    const play = async (seeds: readonly number[], batchSize: number) => {
      const policy = createOraclePolicy({ task: { ...task, budgetSteps: 4 }, createEnvironment, search });
      const results = await runEpisodes({
        policy,
        createEnvironment: () => createEnvironment({ ...task, budgetSteps: 4 }),
        seeds,
        batchSize,
        record: () => true,
      });
      await policy.dispose?.();
      return results;
    };
    const together = await play([4, 5, 6], 3);
    expect(await play([4, 5, 6], 1)).toEqual(together);
    expect(await play([6], 1)).toEqual([together[2]]);
  });

  it('reads a goal picture as what success is judged by', () => {
    const environment = createEnvironment(taskById('two-rooms'));
    const { instruction } = environment.reset({ seed: 1 });
    expect(physicalObjective(instruction, environment)).toEqual([
      { term: 'distance', of: 'pusher', to: 'goal', steps: 'last' },
    ]);
    const shown = (id: string) => {
      const task = taskById(id);
      const table = createEnvironment({ ...task, objective: [{ term: 'goal-image', weight: 2 }] });
      const told = createEnvironment(task).reset({ seed: 1 }).instruction.objective;
      const objective = physicalObjective(table.reset({ seed: 1 }).instruction, table);
      expect(objective).toEqual(told.map((term) => ({ ...term, weight: 2 })));
    };
    for (const id of ['push-to-pose', 'sort', 'three-goals']) shown(id);
  });
});

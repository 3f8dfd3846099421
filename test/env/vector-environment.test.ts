import type { StepResult } from '../../src/core/contracts.ts';
import { UsageError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { sameSteps } from '../../src/env/compare-episodes.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { pushToGoal } from '../../src/env/tasks/push-to-goal.ts';
import { twoRooms } from '../../src/env/tasks/two-rooms.ts';
import { twoRoomsExpert } from '../../src/env/two-rooms/expert.ts';
import { createVectorEnvironment } from '../../src/env/vector-environment.ts';

/** All steps of the episodes of `seeds`, played side by side; each with its own stream of actions. */
function playAll(task: TaskSpec, seeds: readonly number[]): StepResult[][] {
  const environments = createVectorEnvironment({ create: () => createEnvironment(task), size: seeds.length });
  const rngs = seeds.map((seed) => createRng(seed, 'actions'));
  const results: StepResult[][] = seeds.map(() => []);
  environments.reset(seeds);
  while (environments.running.some(Boolean)) {
    const actions = rngs.map((rng, i) => (environments.running[i] ? environments.actionSpace.sample(rng) : null));
    environments.step(actions).forEach((result, i) => {
      if (result !== null) results[i]!.push(result);
    });
  }
  return results;
}

describe.each([pushToGoal, { ...twoRooms, budgetSteps: 40 }])('episodes of $id side by side', (task) => {
  it('are the same alone, in a crowd and in another order', () => {
    const seeds = [4, 9, 2, 7, 1];
    const crowd = playAll(task, seeds);
    const turned = playAll(task, seeds.toReversed()).toReversed();
    seeds.forEach((seed, i) => {
      expect(crowd[i]).toHaveLength(task.budgetSteps);
      expect(sameSteps(crowd[i]!, playAll(task, [seed])[0]!)).toBe(true);
      expect(sameSteps(crowd[i]!, turned[i]!)).toBe(true);
    });
    expect(sameSteps(crowd[0]!, crowd[1]!)).toBe(false);
  });
});

describe('a vector environment', () => {
  const task: TaskSpec = { ...twoRooms, success: { ...twoRooms.success, when: 'first-hit' } };

  it('lets episodes end at different times, and starts them all again', () => {
    const single = createEnvironment(task);
    const environments = createVectorEnvironment({ create: () => createEnvironment(task), size: 3 });
    const lengths = [3, 4, 5].map((seed) => {
      single.reset({ seed });
      for (let steps = 1; ; steps++) if (single.step(twoRoomsExpert(single)).terminated) return steps;
    });
    expect(new Set(lengths).size).toBeGreaterThan(1);
    // The same expert, replayed from shadows of the environments.
    const shadows = [3, 4, 5].map((seed) => {
      const shadow = createEnvironment(task);
      shadow.reset({ seed });
      return shadow;
    });
    environments.reset([3, 4, 5]);
    const seen = [0, 0, 0];
    while (environments.running.some(Boolean)) {
      const actions = shadows.map((shadow, i) => (environments.running[i] ? twoRoomsExpert(shadow) : null));
      environments.step(actions).forEach((result, i) => {
        if (result === null) return;
        seen[i]!++;
        shadows[i]!.step(actions[i]!);
      });
    }
    expect(seen).toEqual(lengths);
    environments.reset([3, 4, 5]);
    expect(environments.running).toEqual([true, true, true]);
  });

  it('stacks the latest frames', () => {
    const environments = createVectorEnvironment({ create: () => createEnvironment(task), size: 2 });
    expect(() => environments.frames()).toThrow('reset');
    environments.reset([0, 1]);
    const second = environments.step([
      [1, 0],
      [0, 1],
    ])[1]!;
    const frames = environments.frames();
    expect(frames.shape).toEqual([2, 65, 65, 2]);
    expect(frames.data.subarray(65 * 65 * 2)).toEqual(second.observation.frame.data);
  });

  it('refuses wrong numbers of environments, seeds and actions', () => {
    const create = () => createEnvironment(task);
    expect(() => createVectorEnvironment({ create, size: 0 })).toThrow(UsageError);
    const environments = createVectorEnvironment({ create, size: 2 });
    expect(() => environments.reset([1])).toThrow('2 seeds, got 1');
    environments.reset([1, 2]);
    expect(() => environments.step([[0, 0]])).toThrow('2 actions, got 1');
    expect(() => environments.step([[0, 0], null])).toThrow('episode 1');
  });
});

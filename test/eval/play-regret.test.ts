import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import { plannerOptionsFor } from '../../src/agent/planner-options.ts';
import { createBoxSpace } from '../../src/core/space.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { playRegret } from '../../src/eval/play-regret.ts';
import { createPlanner } from '../../src/planner/create-planner.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

test('measures at decisions of the agent, and the same for the same seeds', async () => {
  const untrained = untrainedTabletopModel();
  const config = { ...untrained.config, planner: { name: 'cem', options: { horizon: 3, samples: 8, iterations: 2 } } };
  const model = { ...untrained, config };
  const actionSpace = createBoxSpace(config.action);
  const searchBy = (name: 'cem' | 'icem', evaluations: number) =>
    createPlanner(name, plannerOptionsFor(config, name, actionSpace, evaluations));
  const play = (seeds: readonly number[]) =>
    playRegret({
      task: { ...taskById('push-to-goal'), budgetSteps: 5 },
      createEnvironment,
      createAgent: (wrapPlanner) => createAgentWithModel(model, { world: 'tabletop', guardrails: 'off', wrapPlanner }),
      plannerWith: (evaluations) => searchBy('cem', evaluations),
      reference: { model: searchBy('icem', 64), truth: searchBy('icem', 64) },
      blockLength: 1,
      budgets: [8, 32],
      seeds,
      every: 2,
    });
  const [first, second] = await play([5, 6]);
  // Steps 0, 2 and 4.
  expect(first).toHaveLength(3);
  for (const regrets of [...first!, ...second!]) {
    expect(regrets.map(({ evaluations }) => evaluations)).toEqual([8, 32]);
    for (const { planRegret, trueRegret, brokenPromise } of regrets) {
      expect(planRegret).toBeGreaterThanOrEqual(0);
      expect(trueRegret).toBeGreaterThanOrEqual(0);
      // Nothing was taught, so what is imagined is not what comes.
      expect(Math.abs(brokenPromise!)).toBeGreaterThan(1e-3);
    }
  }
  expect(await play([6])).toEqual([second]);
});

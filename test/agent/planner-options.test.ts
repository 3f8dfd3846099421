import { plannerOptionsFor } from '../../src/agent/planner-options.ts';
import { createBoxSpace } from '../../src/core/space.ts';
import { createPlanner, plannerNames } from '../../src/planner/create-planner.ts';
import { recipeByName } from '../../src/training/recipes.ts';

const own = { horizon: 20, samples: 24, iterations: 4, elites: 8, std: 0.6, warmStd: 0.5, stdFloor: 0.04 };
const config = { ...recipeByName('two-rooms').model, planner: { name: 'mppi', options: own } };
const actionSpace = createBoxSpace(config.action);

test("the model's own planner searches as its scores were measured", () => {
  expect(plannerOptionsFor(config, 'mppi', actionSpace)).toEqual({ ...own, actionSpace });
  expect(plannerOptionsFor(config, 'mppi', actionSpace, 'as-model')).toEqual({ ...own, actionSpace });
});

test('another one searches by its defaults, over the same horizon, in moves of the same scale', () => {
  const options = plannerOptionsFor(config, 'cem', actionSpace);
  expect(options).toEqual({ horizon: 20, actionSpace, std: 0.6, warmStd: 0.6, stdFloor: expect.closeTo(0.06, 12) });
});

test.each(plannerNames)('%s spends at most the evaluations of the model, or those it is given', (name) => {
  const spent = (budget: number | 'as-model') =>
    createPlanner(name, plannerOptionsFor(config, name, actionSpace, budget)).evaluationsPerPlan;
  for (const [budget, evaluations] of [
    ['as-model', 96],
    [500, 500],
  ] as const) {
    expect(spent(budget)).toBeLessThanOrEqual(evaluations);
    expect(spent(budget)).toBeGreaterThan(0.8 * evaluations);
  }
});

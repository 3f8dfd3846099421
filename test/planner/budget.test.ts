import { fitToBudget, scaledDefaults } from '../../src/planner/budget.ts';
import { createPlanner, plannerDefaults, plannerNames } from '../../src/planner/create-planner.ts';
import { box } from './problems.ts';

const problem = { actionSpace: box(2), horizon: 5 };

describe.each(plannerNames)('%s', (name) => {
  test.each([16, 48, 100, 256, 1024])('spends a budget of %d evaluations as far as it goes, and no more', (budget) => {
    const size = fitToBudget(name, problem, budget);
    const spent = (samples: number) => createPlanner(name, { ...problem, ...size, samples }).evaluationsPerPlan;
    expect(spent(size.samples)).toBeLessThanOrEqual(budget);
    // Another sample would be one too many.
    expect(spent(size.samples + 1)).toBeGreaterThan(budget);
    expect(spent(size.samples)).toBeGreaterThan(0.7 * budget);
    expect(size.elites ?? 0).toBeLessThanOrEqual(Math.max(2, size.samples / 2));
  });

  test('has its own counts at its own budget', () => {
    const own = createPlanner(name, problem).evaluationsPerPlan;
    expect(plannerDefaults[name]).toMatchObject(fitToBudget(name, problem, own));
  });

  test('moves by a scale', () => {
    const scaled = scaledDefaults(name, 0.5);
    expect(scaled.std).toBeCloseTo(plannerDefaults[name].std / 2, 12);
    expect(() => createPlanner(name, { ...problem, ...scaled })).not.toThrow();
  });
});

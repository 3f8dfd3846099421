import { createPlanner, plannerNames } from '../../src/planner/create-planner.ts';
import { pathIntegralWeights } from '../../src/planner/mppi.ts';
import { type Candidate, createOrdering } from '../../src/planner/population.ts';
import { box } from './problems.ts';

const problem = { actionSpace: box(2), horizon: 5 };

test('makes every planner by its name', () => {
  expect([...plannerNames].sort()).toEqual(['cem', 'gradient', 'icem', 'mppi', 'random-shooting']);
  for (const name of plannerNames) {
    const planner = createPlanner(name, problem);
    expect(planner.name).toBe(name);
    expect(planner.horizon).toBe(5);
  }
});

test('states the candidates of a decision', () => {
  expect(createPlanner('cem', problem).evaluationsPerPlan).toBe(64 * 4);
  expect(createPlanner('mppi', problem).evaluationsPerPlan).toBe(24 * 2);
  expect(createPlanner('random-shooting', problem).evaluationsPerPlan).toBe(256);
  // Nine steps, forward and backward, and the last look.
  expect(createPlanner('gradient', problem).evaluationsPerPlan).toBe(8 * (3 * 9 + 1));
  // max(2 x 5, floor(40 / 2^i)): 40, 20, 10, 10
  const options = { ...problem, samples: 40, iterations: 4, elites: 5, decay: 2 };
  expect(createPlanner('icem', options).evaluationsPerPlan).toBe(80);
});

test.each([
  ['sem', {}, "unknown planner 'sem'. Did you mean 'cem'?"],
  ['cem', { sample: 3 }, "unknown option of planner 'cem' 'sample'. Did you mean 'samples'?"],
  ['random-shooting', { elites: 3 }, "unknown option of planner 'random-shooting' 'elites'"],
  ['cem', { samples: 0 }, "planner 'cem': samples must be a whole number >= 1, got 0"],
  ['icem', { iterations: 1.5 }, 'iterations must be a whole number >= 1, got 1.5'],
  ['icem', { decay: 0.5 }, 'decay must be a number >= 1, got 0.5'],
  ['icem', { keepFraction: 2 }, 'keepFraction must be a number >= 0 and <= 1, got 2'],
  ['cem', { keep: -1 }, 'keep must be a whole number >= 0, got -1'],
  ['mppi', { temperature: 0 }, 'temperature must be a number'],
  ['mppi', { horizon: 0 }, 'horizon must be a whole number >= 1, got 0'],
  ['cem', { std: Number.NaN }, 'std must be a number >= 0, got NaN'],
  ['cem', { momentum: 1 }, 'momentum must be a number'],
  ['gradient', { learningRate: 0 }, 'learningRate must be a number'],
  ['gradient', { penalty: -1 }, 'penalty must be a number >= 0, got -1'],
  ['gradient', { elites: 3 }, "unknown option of planner 'gradient' 'elites'"],
  ['cem', { taskShare: -1 }, 'taskShare must be a number >= 0, got -1'],
  ['cem', { noise: { kind: 'brown' } }, "unknown noise kind 'brown'"],
  ['cem', { actionSpace: undefined }, 'needs an actionSpace'],
])('refuses %s with %j', (name, options, message) => {
  expect(() => createPlanner(name as 'cem', { ...problem, ...(options as object) })).toThrow(message);
});

describe("mppi's weights", () => {
  const candidate = (cost: number, violation = 0): Candidate => ({ actions: new Float32Array(1), cost, violation });

  test('are softmax(-(c - c_min) / (temperature x range))', () => {
    const elites = [1, 2, 3].map((cost) => candidate(cost));
    // numpy: w = exp(-array([0, .5, 1]) / .5); w / w.sum()
    const weights = pathIntegralWeights(elites, createOrdering(elites, 0.1), 0.5);
    expect(weights[0]).toBeCloseTo(0.6652409557748219, 12);
    expect(weights[1]).toBeCloseTo(0.24472847105479764, 12);
    expect(weights[2]).toBeCloseTo(0.09003057317038046, 12);
  });

  test('are equal for equal costs, and none for candidates of a worse tier', () => {
    const elites = [candidate(2), candidate(2), candidate(-5, 1)];
    expect([...pathIntegralWeights(elites, createOrdering(elites, 0.1), 0.1)]).toEqual([0.5, 0.5, 0]);
    expect([...pathIntegralWeights([], createOrdering([], 0.1), 0.1)]).toEqual([]);
  });
});

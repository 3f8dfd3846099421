import type { Scorer } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { createGradient, type GradientOptions } from '../../src/planner/gradient.ts';
import { box, createRegulator } from './problems.ts';

interface Differentiated {
  readonly cost: number;
  readonly violation?: number;
  /** Of `cost + penalty x violation`. */
  readonly gradient: readonly number[];
}

/** A scorer by known costs with their derivatives written out; one episode. */
function analytic(size: number, judge: (actions: Float32Array, penalty: number) => Differentiated): Scorer {
  const each = (candidates: Float32Array, penalty: number) =>
    Array.from({ length: candidates.length / size }, (_, s) =>
      judge(candidates.subarray(s * size, (s + 1) * size), penalty),
    );
  const scoresOf = (judged: readonly Differentiated[]) => ({
    cost: Float32Array.from(judged, ({ cost }) => cost),
    violation: Float32Array.from(judged, ({ violation = 0 }) => violation),
  });
  return {
    score: async (candidates) => scoresOf(each(candidates, 0)),
    async scoreWithGradient(candidates, _samples, penalty) {
      const judged = each(candidates, penalty);
      return { ...scoresOf(judged), gradient: Float32Array.from(judged.flatMap(({ gradient }) => gradient)) };
    },
  };
}

async function descend(options: GradientOptions, scorer: Scorer, suggestions: readonly Float32Array[] = []) {
  const request = { scorer, rngs: [createRng(0, 'gradient')], warmStarts: [null], suggestions: [suggestions] };
  const [plan] = await createGradient(options).plan(request);
  return plan!;
}

test('reaches the optimum of a linear-quadratic regulator to a ten-thousandth', async () => {
  const horizon = 10;
  const { judge, optimum } = createRegulator(horizon);
  // The cost is quadratic, so central differences are exact but for rounding.
  const scorer = analytic(horizon, (actions) => ({
    cost: judge(actions) as number,
    gradient: Array.from(actions, (x, t) => {
      const at = (value: number) => judge(actions.with(t, value)) as number;
      return (at(x + 0.5) - at(x - 0.5)) / 1;
    }),
  }));
  const { cost } = await descend({ actionSpace: box(1, 4), horizon, samples: 4, iterations: 80 }, scorer);
  expect(cost).toBeGreaterThanOrEqual(optimum * (1 - 1e-6));
  expect(cost).toBeLessThan(optimum * 1.0001);
});

test('finds the minimum of a quadratic with its defaults, whatever the units of cost and actions', async () => {
  for (const unit of [1e-3, 1, 1e3]) {
    const scorer = analytic(4, (actions) => ({
      cost: unit * actions.reduce((sum, x) => sum + (x / unit - 0.4) ** 2, 0),
      gradient: Array.from(actions, (x) => 2 * (x / unit - 0.4)),
    }));
    const { actions, cost } = await descend({ actionSpace: box(2, unit), horizon: 2 }, scorer);
    expect(cost / unit).toBeLessThan(0.01);
    for (const x of actions) expect(Math.abs(x / unit - 0.4)).toBeLessThan(0.1);
  }
});

test('stops at the bounds: the projection is the answer', async () => {
  const scorer = analytic(4, (actions) => ({
    cost: actions.reduce((sum, x) => sum + (x - 3) ** 2, 0),
    gradient: Array.from(actions, (x) => 2 * (x - 3)),
  }));
  const boxed = await descend({ actionSpace: box(2), horizon: 2 }, scorer);
  expect([...boxed.actions]).toEqual([1, 1, 1, 1]);
  const disc = await descend({ actionSpace: box(2, 1, 1), horizon: 2, iterations: 20 }, scorer);
  for (const x of disc.actions) expect(x).toBeCloseTo(Math.SQRT1_2, 2);
});

test('starts anew where a rollout diverges', async () => {
  const scorer = analytic(1, ([x]) =>
    x! < 0.5 ? { cost: Number.NaN, gradient: [Number.NaN] } : { cost: (x! - 0.8) ** 2, gradient: [2 * (x! - 0.8)] },
  );
  // Both starts lie where nothing is known; only a new draw can lead out.
  const start = Float32Array.of(-0.9);
  const { actions, cost } = await descend({ actionSpace: box(1), horizon: 1, samples: 4 }, scorer, [start]);
  expect(cost).toBeLessThan(0.01);
  expect(actions[0]).toBeGreaterThan(0.5);
});

test('leaves a guardrail by its penalty, and returns only what was found outside of it', async () => {
  // Cost draws to 1; beyond 0.2 is forbidden.
  const scorer = analytic(1, ([x], penalty) => ({
    cost: (x! - 1) ** 2,
    violation: Math.max(0, x! - 0.2),
    gradient: [2 * (x! - 1) + (x! > 0.2 ? penalty : 0)],
  }));
  const { actions, violation } = await descend({ actionSpace: box(1), horizon: 1, iterations: 20 }, scorer);
  expect(violation).toBe(0);
  expect(actions[0]).toBeGreaterThan(0.15);
});

test('says that true dynamics cannot be differentiated', async () => {
  const { score } = analytic(2, () => ({ cost: 0, gradient: [0, 0] }));
  await expect(descend({ actionSpace: box(1), horizon: 2 }, { score })).rejects.toThrow(
    "planner 'gradient' needs dynamics that can be differentiated",
  );
});

test('refuses a gradient of another size', async () => {
  const scorer = analytic(2, () => ({ cost: 0, gradient: [0] }));
  await expect(descend({ actionSpace: box(1), horizon: 2 }, scorer)).rejects.toThrow(
    'was given 16 numbers and returned the derivatives by 8',
  );
});

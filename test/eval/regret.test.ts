import type { Scorer } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { measureRegret, type Regret, summariseRegret } from '../../src/eval/regret.ts';
import { formatRegretMarkdown, regretSchema } from '../../src/eval/regret-report.ts';
import { createPlanner } from '../../src/planner/create-planner.ts';

/** Plans of one number each, judged by `cost`. */
function scorerOf(cost: (x: number) => number): Scorer {
  return {
    score: async (candidates) => ({
      cost: Float32Array.from(candidates, cost),
      violation: new Float32Array(candidates.length),
    }),
  };
}

const truth = (x: number) => (x - 0.5) ** 2;
/** Right, but for a hole in a corner that only many candidates find: a promise that truth breaks. */
const exploitable = (x: number) => (x < -0.98 ? -1 : truth(x));

const problem = { actionSpace: { low: [-1], high: [1], maxNorm: 1, size: 1 }, horizon: 1 };
const shootingWith = (samples: number) => createPlanner('random-shooting', { ...problem, samples });
const reference = createPlanner('cem', { ...problem, samples: 256 });

async function measure(model: (x: number) => number, seed: number, comparable = true): Promise<Regret[]> {
  const request = { scorer: scorerOf(model), warmStarts: [null] };
  return measureRegret(
    { request, truth: scorerOf(truth), comparable },
    {
      planners: [4, 1024].map(shootingWith),
      reference: { model: reference, truth: reference },
      rngFor: (part) => createRng(seed, 'regret-test', part),
    },
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('on a perfect model nothing is promised that is not kept, and more candidates leave less regret', async () => {
  const decisions = await Promise.all(Array.from({ length: 10 }, (_, seed) => measure(truth, seed)));
  for (const [few, many] of decisions) {
    for (const regret of [few!, many!]) {
      expect(regret.brokenPromise).toBeCloseTo(0, 6);
      expect(regret.planRegret).toBeGreaterThanOrEqual(0);
      expect(regret.trueRegret).toBeCloseTo(regret.planRegret, 4);
    }
    expect(many!.trueRegret).toBeLessThan(1e-4);
  }
  expect(mean(decisions.map(([few]) => few!.planRegret))).toBeGreaterThan(0.01);
});

test('on a model with a hole more candidates lower the plan regret and raise the true one', async () => {
  const decisions = await Promise.all(Array.from({ length: 10 }, (_, seed) => measure(exploitable, seed)));
  const [few, many] = [0, 1].map((i) => decisions.map((regrets) => regrets[i]!));
  expect(mean(many!.map((regret) => regret.planRegret))).toBeLessThan(0.05);
  expect(mean(few!.map((regret) => regret.planRegret))).toBeGreaterThan(0.5);
  expect(mean(many!.map((regret) => regret.trueRegret))).toBeGreaterThan(1);
  expect(mean(few!.map((regret) => regret.trueRegret))).toBeLessThan(0.5);
  // (-0.98 - 0.5)^2 = 2.19 where -1 was promised.
  expect(mean(many!.map((regret) => regret.brokenPromise!))).toBeGreaterThan(3);
});

test('where units differ no promise is compared', async () => {
  const [few] = await measure((x) => 100 * truth(x), 0, false);
  expect(few!.brokenPromise).toBeNull();
  expect(summariseRegret([[[few!]]])[0]!.modelError).toBeNull();
});

test('says so when a search finds nothing', async () => {
  await expect(measure(() => Number.NaN, 0)).rejects.toThrow('found no plan of finite cost');
});

test('means over decisions within episodes, errors over episodes', () => {
  const regret = (planRegret: number, brokenPromise: number): Regret => ({
    evaluations: 16,
    planRegret,
    brokenPromise,
    trueRegret: 2 * planRegret,
  });
  const rows = summariseRegret([[[regret(1, -1)], [regret(3, 1)]], [[regret(4, 3)]], []]);
  // Episodes' means are 2 and 4; numpy: std([2, 4], ddof=1) / sqrt(2) = 1
  expect(rows).toEqual([
    {
      evaluations: 16,
      planRegret: { mean: 3, standardError: 1 },
      modelError: { mean: 2, standardError: 1 },
      brokenPromise: { mean: 1.5, standardError: 1.5 },
      trueRegret: { mean: 6, standardError: 2 },
    },
  ]);
  const report = {
    schema: regretSchema,
    task: 't',
    planner: 'cem',
    model: 'm',
    seed: 0,
    episodes: 2,
    decisions: 3,
  } as const;
  expect(formatRegretMarkdown({ ...report, rows })).toContain(
    '| 16 | 3000.0 ± 1000.0 | 2000.0 ± 1000.0 | 1500.0 ± 1500.0 | 6000.0 ± 2000.0 |',
  );
});

import type { Plan, Planner, PlanRequest } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { createPlanner } from '../../src/planner/create-planner.ts';
import { chooseExecution } from '../../src/planner/fallback.ts';
import { createRecedingHorizon } from '../../src/planner/receding-horizon.ts';
import { shiftPlan } from '../../src/planner/shift-plan.ts';
import { box, scorerOf } from './problems.ts';

describe('shifting a plan', () => {
  const plan = Float32Array.of(1, 10, 2, 20, 3, 30);
  test.each([
    [0, [1, 10, 2, 20, 3, 30]],
    [1, [2, 20, 3, 30, 0, 0]],
    [3, [0, 0, 0, 0, 0, 0]],
    [0.5, [1.5, 15, 2.5, 25, 1.5, 15]],
    [1.25, [2.25, 22.5, 2.25, 22.5, 0, 0]],
  ])('by %d steps', (steps, expected) => {
    expect([...shiftPlan(plan, 2, steps)]).toEqual(expected);
  });
  test('leaves the plan itself alone', () => {
    shiftPlan(plan, 2, 0)[0] = 9;
    expect(plan[0]).toBe(1);
  });
});

describe('the fallback ladder', () => {
  const actions = Float32Array.of(1, 2);
  const last = Float32Array.of(3, 4);
  const plan = (violation: number, brakeViolation?: number, cost = 1): Plan => ({
    actions,
    cost,
    violation,
    ...(brakeViolation === undefined ? {} : { brake: { cost: 0, violation: brakeViolation } }),
  });

  test.each([
    ['a feasible plan is executed', plan(0, 0), last, actions, null],
    [
      'a way out that violates less than standing still is executed, and named',
      plan(0.2, 0.3),
      last,
      actions,
      'least-violation',
    ],
    ['a plan that violates as much as standing still is not', plan(0.3, 0.3), last, new Float32Array(2), 'brake'],
    ['nor one that violates more', plan(0.4, 0.3), last, new Float32Array(2), 'brake'],
    ['nor one where the worth of standing still is unknown', plan(0.2), last, new Float32Array(2), 'brake'],
    ['nor where that is not finite', plan(0.2, Number.NaN), last, new Float32Array(2), 'brake'],
    ['a cost that is not finite: the last feasible plan goes on', plan(0, 0, Number.NaN), last, last, 'shifted-plan'],
    ['a violation that is not finite: likewise', plan(Number.NaN, 0), last, last, 'shifted-plan'],
    ['without a last feasible plan: the brake', plan(0, 0, Number.NaN), null, new Float32Array(2), 'brake'],
  ])('%s', (_, given, lastFeasible, expected, fallback) => {
    expect(chooseExecution(given, lastFeasible)).toEqual({ actions: expected, fallback });
  });
});

/** A planner that returns the given plans in turn and records what it was asked. */
function scripted(horizon: number, plans: readonly Plan[]): Planner & { readonly requests: PlanRequest[] } {
  const requests: PlanRequest[] = [];
  return {
    name: 'scripted',
    horizon,
    evaluationsPerPlan: 1,
    requests,
    async plan(request) {
      requests.push(request);
      return request.rngs.map(() => plans[requests.length - 1]!);
    },
  };
}

const planOf = (values: readonly number[], rest: Partial<Plan> = {}): Plan => ({
  actions: Float32Array.from(values),
  cost: 1,
  violation: 0,
  brake: { cost: 2, violation: 0 },
  ...rest,
});
const scorer = scorerOf(1, () => 0);

describe('receding-horizon control', () => {
  async function play(
    planner: Planner,
    steps: number,
    options: { blockLength?: number; replanEverySteps?: number } = {},
  ) {
    const control = createRecedingHorizon({ planner, actionSize: 1, ...options });
    control.begin([createRng(0, 'episode')]);
    const decisions = [];
    for (let t = 0; t < steps; t++) decisions.push(...(await control.decide([0], () => scorer)));
    return decisions;
  }

  test('plans anew each step, from the shifted plan and its shifted elites', async () => {
    const planner = scripted(3, [planOf([1, 2, 3], { elites: [Float32Array.of(7, 8, 9)] }), planOf([4, 5, 6])]);
    const decisions = await play(planner, 2);
    expect(decisions.map(({ action, planned }) => [action[0], planned])).toEqual([
      [1, true],
      [4, true],
    ]);
    expect(planner.requests[0]!.warmStarts).toEqual([null]);
    expect(planner.requests[1]!.warmStarts).toEqual([Float32Array.of(2, 3, 0)]);
    expect(planner.requests[1]!.suggestions).toEqual([[Float32Array.of(8, 9, 0)]]);
  });

  test('holds planned actions for a block, and plans after it', async () => {
    const planner = scripted(3, [planOf([1, 2, 3]), planOf([4, 5, 6])]);
    const decisions = await play(planner, 6, { blockLength: 3 });
    expect(decisions.map(({ action }) => action[0])).toEqual([1, 1, 1, 4, 4, 4]);
    expect(planner.requests[1]!.warmStarts).toEqual([Float32Array.of(2, 3, 0)]);
  });

  test('executes several blocks between plans, or parts of one', async () => {
    const several = scripted(3, [planOf([1, 2, 3]), planOf([4, 5, 6])]);
    expect((await play(several, 5, { blockLength: 2, replanEverySteps: 4 })).map(({ action }) => action[0])).toEqual([
      1, 1, 2, 2, 4,
    ]);
    expect(several.requests[1]!.warmStarts).toEqual([Float32Array.of(3, 0, 0)]);
    const parts = scripted(3, [planOf([1, 2, 3]), planOf([4, 5, 6])]);
    await play(parts, 2, { blockLength: 4, replanEverySteps: 1 });
    expect(parts.requests[1]!.warmStarts).toEqual([Float32Array.of(1.25, 2.25, 2.25)]);
  });

  test('brakes and plans again at once where only an unsafe plan was found', async () => {
    const planner = scripted(3, [
      planOf([1, 2, 3], { violation: 5, brake: { cost: 0, violation: 1 } }),
      planOf([4, 5, 6]),
    ]);
    const decisions = await play(planner, 2, { replanEverySteps: 3 });
    expect(decisions.map(({ action, fallback }) => [action[0], fallback])).toEqual([
      [0, 'brake'],
      [4, null],
    ]);
    // Nothing of the refused plan was executed, so it is not shifted.
    expect(planner.requests[1]!.warmStarts).toEqual([Float32Array.of(1, 2, 3)]);
  });

  test('goes on with the last feasible plan while the model gives no finite score, as far as it lasts', async () => {
    const broken = planOf([9, 9, 9], { cost: Number.NaN });
    const planner = scripted(3, [planOf([1, 2, 3]), broken, broken, broken, broken]);
    const decisions = await play(planner, 5);
    expect(decisions.map(({ action, fallback }) => [action[0], fallback])).toEqual([
      [1, null],
      [2, 'shifted-plan'],
      [3, 'shifted-plan'],
      [0, 'brake'],
      [0, 'brake'],
    ]);
    expect(planner.requests[2]!.warmStarts).toEqual([Float32Array.of(3, 0, 0)]);
  });

  test('forgets the last feasible plan once it has left its path', async () => {
    const out = planOf([5, 5, 5], { violation: 1, brake: { cost: 0, violation: 2 } });
    const broken = planOf([9, 9, 9], { cost: Number.NaN });
    const decisions = await play(scripted(3, [planOf([1, 2, 3]), out, broken]), 3);
    expect(decisions.map(({ action, fallback }) => [action[0], fallback])).toEqual([
      [1, null],
      [5, 'least-violation'],
      [0, 'brake'],
    ]);
  });

  test('asks for a scorer of those episodes that plan now, in order', async () => {
    const planner = scripted(2, [planOf([1, 2]), planOf([3, 4])]);
    const control = createRecedingHorizon({ planner, actionSize: 1, blockLength: 2 });
    control.begin([0, 1, 2].map((i) => createRng(0, i)));
    const asked: (readonly number[])[] = [];
    const decide = (episodes: readonly number[]) =>
      control.decide(episodes, (planning) => {
        asked.push(planning);
        return scorer;
      });
    await decide([0, 2]);
    expect(await decide([2, 1])).toHaveLength(2);
    expect(asked).toEqual([[0, 2], [1]]);
  });

  test('hands on what is recalled, to the episode it is for, beside the elites of its last search', async () => {
    const asked: Pick<PlanRequest, 'suggestions' | 'recalled'>[] = [];
    const planner: Planner = {
      ...scripted(2, []),
      async plan({ rngs, suggestions, recalled }) {
        asked.push({ suggestions: suggestions!, recalled: recalled! });
        return rngs.map(() => planOf([1, 2], { elites: [Float32Array.of(3, 4)] }));
      },
    };
    const control = createRecedingHorizon({ planner, actionSize: 1 });
    control.begin([0, 1].map((i) => createRng(0, i)));
    const recalled = [[Float32Array.of(5, 6)], [Float32Array.of(7, 8)]];
    for (const planning of [[0, 1], [1]]) {
      await control.decide(planning, () => scorer, {
        recalledFor: (episodes) => episodes.map((episode) => recalled[episode]!),
      });
    }
    expect(asked).toEqual([
      { suggestions: [[], []], recalled },
      { suggestions: [[Float32Array.of(4, 0)]], recalled: [recalled[1]] },
    ]);
  });

  test('steers a point to its goal with a real planner, alike in any batch', async () => {
    const drive = async (starts: readonly number[]) => {
      const planner = createPlanner('icem', { actionSpace: box(1, 0.2), horizon: 5, samples: 32, iterations: 2 });
      const control = createRecedingHorizon({ planner, actionSize: 1 });
      control.begin(starts.map((start) => createRng(1, 'drive', start)));
      const positions = [...starts];
      for (let t = 0; t < 12; t++) {
        const everyone = starts.map((_, i) => i);
        const decisions = await control.decide(everyone, () =>
          scorerOf(
            5,
            positions.map((start) => (actions: Float32Array) => {
              let [position, cost] = [start, 0];
              for (const u of actions) {
                position += u;
                cost += Math.abs(position - 1);
              }
              return cost;
            }),
          ),
        );
        for (const i of everyone) positions[i]! += decisions[i]!.action[0]!;
      }
      return positions;
    };
    const together = await drive([-0.5, 0.3]);
    for (const position of together) expect(Math.abs(position - 1)).toBeLessThan(0.05);
    expect(await drive([0.3])).toEqual([together[1]]);
  });

  test('says what is wrong with its options', () => {
    const planner = scripted(2, []);
    expect(() => createRecedingHorizon({ planner, actionSize: 1, blockLength: 0 })).toThrow(
      'blockLength must be a whole number >= 1, got 0',
    );
    expect(() => createRecedingHorizon({ planner, actionSize: 1, blockLength: 2, replanEverySteps: 5 })).toThrow(
      "can't last for replanEverySteps = 5",
    );
  });
});

import type { Plan, PlanIteration, Planner } from '../../src/core/contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { createPlanner, type PlannerName, plannerNames } from '../../src/planner/create-planner.ts';
import type { SearchOptions } from '../../src/planner/options.ts';
import type { ActionBounds } from '../../src/planner/population.ts';
import { box, createRegulator, type Judge, quadraticAround, scorerOf, twoBasins } from './problems.ts';

type Budget = Pick<SearchOptions, 'samples' | 'iterations' | 'elites' | 'stdFloor' | 'noise'>;

function make(name: PlannerName, actionSpace: ActionBounds, horizon: number, budget: Budget = {}): Planner {
  return createPlanner(name, { actionSpace, horizon, ...budget });
}

async function planOnce(planner: Planner, size: number, judge: Judge, seed: number | string = 0): Promise<Plan> {
  const scorer = scorerOf(size, judge);
  const [plan] = await planner.plan({ scorer, rngs: [createRng(0, 'plan', seed)], warmStarts: [null] });
  return plan!;
}

// Descent has its own, sharper tests in gradient.test.ts.
const refiners = plannerNames.filter((name) => name !== 'random-shooting' && name !== 'gradient');

describe.each(refiners)('%s, which refines its search', (name) => {
  test('comes within 1 % of the optimum of a linear-quadratic regulator', async () => {
    const { judge, optimum } = createRegulator(10);
    // White noise, which alone reaches every plan alike, and elites as the ten dimensions call for.
    const search = { samples: 200, iterations: 12, elites: 30, stdFloor: 0.02, noise: { kind: 'white' } } as const;
    const planner = make(name, box(1, 4), 10, { ...search, ...(name === 'mppi' ? { temperature: 1 } : {}) });
    for (let seed = 0; seed < 5; seed++) {
      const { cost } = await planOnce(planner, 10, judge, seed);
      expect(cost).toBeGreaterThanOrEqual(optimum * (1 - 1e-5));
      expect(cost).toBeLessThan(optimum * 1.01);
    }
  });

  test('finds the minimum of a convex quadratic', async () => {
    const planner = make(name, box(2), 3, { samples: 128, iterations: 12 });
    const { actions, cost } = await planOnce(planner, 6, quadraticAround(0.3));
    expect(cost).toBeLessThan(0.05);
    for (const x of actions) expect(Math.abs(x - 0.3)).toBeLessThan(0.15);
  });
});

describe.each(plannerNames)('%s', (name) => {
  test('returns the best of all candidates it scored, and counts them', async () => {
    const planner = make(name, box(2), 4);
    const judge = quadraticAround(0.4);
    const scorer = scorerOf(8, judge);
    const [plan] = await planner.plan({ scorer, rngs: [createRng(3, 'a')], warmStarts: [null] });
    expect(scorer.evaluations()).toBe(planner.evaluationsPerPlan);
    const best = Math.min(...scorer.seen.map((actions) => Math.fround(judge(actions) as number)));
    expect(plan!.cost).toBe(best);
    expect(scorer.seen).toContainEqual(plan!.actions);
  });

  test('goes round an obstacle on either side, never through it by averaging', async () => {
    const judge = twoBasins(4);
    const sides = new Set<number>();
    for (let seed = 0; seed < 24; seed++) {
      const planner = make(
        name,
        box(2),
        4,
        name === 'random-shooting' ? { samples: 1024 } : { samples: 64, iterations: 6 },
      );
      const plan = await planOnce(planner, 8, judge, seed);
      const { violation, side, cost } = judge(plan.actions);
      expect(violation).toBe(0);
      expect(cost).toBeLessThan(1);
      sides.add(side);
    }
    expect([...sides].sort()).toEqual([-1, 1]);
  });

  test('never takes a plan of unknown worth', async () => {
    const planner = make(name, box(1), 5);
    let judged = 0;
    const broken = (): number => [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY][judged % 3]!;
    // All but every fourth candidate diverge.
    const judge: Judge = (actions) => (judged++ % 4 === 0 ? quadraticAround(0)(actions) : broken());
    const plan = await planOnce(planner, 5, judge);
    expect(Number.isFinite(plan.cost)).toBe(true);
    expect(plan.actions.every(Number.isFinite)).toBe(true);
    const brokenGuard: Judge = (actions) => ({ cost: actions[0]!, violation: actions[0]! > 0 ? 0 : Number.NaN });
    expect((await planOnce(planner, 5, brokenGuard)).actions[0]).toBeGreaterThan(0);
  });

  test('says so when every plan is of unknown worth', async () => {
    const plan = await planOnce(make(name, box(1), 5), 5, () => Number.NaN);
    expect(plan.cost).toBeNaN();
    expect(plan.actions.every(Number.isFinite)).toBe(true);
  });

  test('breaks guardrails least where all plans break one', async () => {
    const judge: Judge = (actions) => ({ cost: -actions[0]!, violation: 1 + Math.abs(actions[0]! + 0.5) });
    const plan = await planOnce(make(name, box(1), 1), 1, judge);
    expect(plan.violation).toBeLessThan(1.1);
    expect(plan.violation).toBeLessThan(plan.brake!.violation);
    expect(plan.brake!.violation).toBe(1.5);
  });

  test('prefers any feasible plan to any infeasible one', async () => {
    // Cost draws to the right, where the guardrail is.
    const judge: Judge = (actions) => ({ cost: -1000 * actions[0]!, violation: Math.max(0, actions[0]! + 0.3) });
    const plan = await planOnce(make(name, box(1), 3), 3, judge);
    expect(plan.violation).toBe(0);
    expect(plan.actions[0]).toBeLessThanOrEqual(-0.3);
    expect(plan.actions[0]).toBeGreaterThan(-0.45);
  });

  test('works with one sample, one iteration and one step', async () => {
    const planner = make(name, box(2), 1, { samples: 1, iterations: 1 });
    const scorer = scorerOf(2, quadraticAround(0));
    const [plan] = await planner.plan({ scorer, rngs: [createRng(0, 'one')], warmStarts: [null] });
    expect(scorer.calls).toEqual([1]);
    expect(plan!.actions).toEqual(scorer.seen[0]);
    expect(plan!.actions.every((x) => x === 0)).toBe(false);
    expect(plan!.brake).toBeUndefined();
  });

  test('plans a single step', async () => {
    const planner = make(name, box(2), 1, { samples: 256 });
    expect((await planOnce(planner, 2, quadraticAround(0.5))).cost).toBeLessThan(0.02);
  });

  test('gives the same plan for the same seed, and tries others for another', async () => {
    const planner = make(name, box(2), 4);
    const planWith = async (seed: number) => {
      const scorer = scorerOf(8, quadraticAround(0.37));
      const [plan] = await planner.plan({ scorer, rngs: [createRng(0, 'plan', seed)], warmStarts: [null] });
      return { plan, seen: scorer.seen };
    };
    const first = await planWith(7);
    expect(await planWith(7)).toEqual(first);
    expect((await planWith(8)).seen).not.toEqual(first.seen);
  });

  test('plans an episode alike alone, in a batch, and wherever in it', async () => {
    const planner = make(name, box(2), 4);
    const judges = [0.2, -0.4, 0.7].map(quadraticAround);
    const warm = [null, new Float32Array(8).fill(0.1), null];
    const suggestions = [[], [new Float32Array(8).fill(-0.4)], [new Float32Array(8).fill(0.6)]];
    const batch = (order: readonly number[]) =>
      planner.plan({
        scorer: scorerOf(
          8,
          order.map((i) => judges[i]!),
        ),
        rngs: order.map((i) => createRng(5, 'episode', i)),
        warmStarts: order.map((i) => warm[i]!),
        suggestions: order.map((i) => suggestions[i]!),
      });
    const together = await batch([0, 1, 2]);
    const [third, first, second] = await batch([2, 0, 1]);
    expect([first, second, third]).toEqual(together);
    for (const i of [0, 1, 2]) expect(await batch([i])).toEqual([together[i]]);
  });

  test('scores the whole batch in one call an iteration', async () => {
    const planner = make(name, box(2), 4, { samples: 20, iterations: 3 });
    const scorer = scorerOf(8, quadraticAround(0));
    const rngs = [0, 1, 2].map((i) => createRng(0, i));
    await planner.plan({ scorer, rngs, warmStarts: [null, null, null] });
    expect(scorer.calls).toHaveLength(3);
    expect(scorer.seen).toHaveLength(3 * scorer.calls.reduce((sum, samples) => sum + samples, 0));
  });

  test('keeps every candidate within the box and the norm limit', async () => {
    const space = { low: [-1, 0.2], high: [0.5, 2], maxNorm: 1.2, size: 2 };
    const planner = make(name, space, 6);
    const scorer = scorerOf(12, quadraticAround(3));
    const far = new Float32Array(12).fill(9);
    await planner.plan({ scorer, rngs: [createRng(1, 'b')], warmStarts: [far], suggestions: [[far]] });
    const steps = scorer.seen.flatMap((actions) =>
      Array.from({ length: 6 }, (_, t) => actions.slice(2 * t, 2 * t + 2)),
    );
    // Scaling down to the norm limit may leave a box that does not hold the origin, as `BoxSpace.clip` does.
    const within = steps.filter(([x, y]) => x! >= -1 && x! <= 0.5 && y! > 0 && Math.hypot(x!, y!) <= 1.2 * (1 + 1e-6));
    expect(within).toHaveLength(6 * scorer.seen.length);
  });

  test('tells which recalled plans outdid everything drawn beside them', async () => {
    const [best, worst] = [0.4, -1].map((x) => new Float32Array(4).fill(x)) as [Float32Array, Float32Array];
    const planner = make(name, box(1), 4, { samples: 12 });
    const outdid = async (recalled: readonly Float32Array[], warm: Float32Array | null) => {
      // Flat but for two plans: no descent mends one or loses the other.
      const scorer = scorerOf(4, (actions) =>
        String(actions) === String(best) ? 0 : String(actions) === String(worst) ? 2 : 1,
      );
      const rngs = [createRng(2, 'outdid')];
      const [plan] = await planner.plan({ scorer, rngs, warmStarts: [warm], recalled: [recalled] });
      return plan!.outdid;
    };
    expect(await outdid([], null)).toEqual([]);
    expect(await outdid([worst, best], null)).toEqual([false, true]);
    // Of 12, 6 are given: the brake, the warm start and four from memory.
    expect(await outdid([best, worst, best, worst, best, best], worst)).toEqual([true, false, true, false]);
  });

  test('a recalled plan changes no candidate but the one whose place it takes', async () => {
    const recalled = new Float32Array(4).fill(-0.9);
    for (const [samples, warm] of [
      [3, null],
      [4, new Float32Array(4).fill(0.25)],
      [12, new Float32Array(4).fill(0.25)],
    ] as const) {
      const firstOf = async (memory: readonly Float32Array[]) => {
        const scorer = scorerOf(4, quadraticAround(0));
        const rng = createRng(2, 'places');
        const planner = make(name, box(1), 4, { samples });
        await planner.plan({ scorer, rngs: [rng], warmStarts: [warm], recalled: [memory] });
        return { seen: scorer.seen.slice(0, samples).map(String), next: rng.uniform() };
      };
      const [cold, remembering] = [await firstOf([]), await firstOf([recalled])];
      expect(remembering.seen.at(-1)).toBe(String(recalled));
      expect(remembering.seen.slice(0, -1)).toEqual(cold.seen.slice(0, -1));
      expect(remembering.next).toBe(cold.next);
    }
  });

  test('tries the brake, the warm start and the suggestions, in no more than half of the first candidates', async () => {
    const warm = new Float32Array(4).fill(0.25);
    const suggestion = new Float32Array(4).fill(-0.5);
    const request = { rngs: [createRng(2, 'c')], warmStarts: [warm] };
    const judge = quadraticAround(0);
    const scorer = scorerOf(4, judge);
    const [plan] = await make(name, box(1), 4, { samples: 10 }).plan({
      ...request,
      scorer,
      suggestions: [[suggestion]],
    });
    expect(scorer.seen.slice(0, 3)).toEqual([new Float32Array(4), warm, suggestion]);
    expect(plan!.brake).toEqual({ cost: 0, violation: 0 });
    expect(plan!.actions).toEqual(new Float32Array(4));

    const crowded = scorerOf(4, judge);
    const many = Array.from({ length: 20 }, () => suggestion);
    await make(name, box(1), 4, { samples: 10 }).plan({ ...request, scorer: crowded, suggestions: [many] });
    const injected = crowded.seen.slice(0, 10).filter((actions) => actions.every((x) => x === -0.5));
    expect(injected).toHaveLength(3);
  });

  test('is no worse for more samples on known dynamics', async () => {
    const { judge } = createRegulator(6);
    const meanCost = async (samples: number) => {
      let sum = 0;
      for (let seed = 0; seed < 24; seed++)
        sum += (await planOnce(make(name, box(1, 4), 6, { samples, iterations: 3 }), 6, judge, `s${seed}`)).cost;
      return sum / 24;
    };
    const costs = [await meanCost(12), await meanCost(48), await meanCost(192)];
    expect(costs[1]).toBeLessThan(costs[0]!);
    expect(costs[2]).toBeLessThan(costs[1]!);
  });

  test('shows each iteration to whoever asks', async () => {
    const planner = make(name, box(2), 4, { samples: 16, iterations: 2 });
    const iterations: PlanIteration[] = [];
    const scorer = scorerOf(8, quadraticAround(0.2));
    const request = { scorer, rngs: [createRng(4, 't')], warmStarts: [null] };
    const [plan] = await planner.plan({ ...request, trace: (iteration) => iterations.push(iteration) });
    expect(iterations.map(({ iteration }) => iteration)).toEqual([0, 1]);
    const traced = iterations.flatMap(({ candidates }) => [...candidates]);
    expect(traced).toEqual(scorer.seen.flatMap((actions) => [...actions]));
    expect(Math.min(...iterations.flatMap(({ scores }) => [...scores.cost]))).toBe(plan!.cost);
  });

  test('names what is wrong with a request', async () => {
    const planner = make(name, box(2), 4);
    const scorer = scorerOf(8, quadraticAround(0));
    const rngs = [createRng(0, 'x')];
    await expect(planner.plan({ scorer, rngs, warmStarts: [] })).rejects.toThrow('1 generators and 0 warm starts');
    await expect(planner.plan({ scorer, rngs, warmStarts: [new Float32Array(6)] })).rejects.toThrow(
      'has 8 numbers (horizon x action size), a warm start, suggestion or recalled plan has 6',
    );
    const one = async () => ({ cost: new Float32Array(1), violation: new Float32Array(1) });
    const scoreWithGradient = async (candidates: Float32Array) => ({ ...(await one()), gradient: candidates });
    const short = { score: one, scoreWithGradient };
    await expect(planner.plan({ scorer: short, rngs, warmStarts: [null] })).rejects.toThrow('returned 1 costs');
  });
});

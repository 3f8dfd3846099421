import atDistance from '../../examples/at-distance.ts';
import { createRng } from '../../src/core/rng.ts';
import type { TermSpec } from '../../src/core/task.ts';
import { createTerm, termNames } from '../../src/cost/create-term.ts';
import { registerTerm } from '../../src/cost/custom-term.ts';
import { encodeHeading } from '../../src/cost/heading.ts';
import { compile } from '../../src/engine/compile.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import {
  bindingOf,
  costProgram,
  feedsOf,
  flat,
  gradientOf,
  instructionOf,
  judge,
  rolloutOf,
  smallCost,
  smallShape,
  still,
} from './imagined.ts';

const { horizon, entities, actionSize, latentShape } = smallShape;
const here = { batch: 1, samples: 1 };

async function costOf(term: TermSpec, rollout: object, rest: object = {}): Promise<number> {
  const { cost } = await judge(
    smallCost({ objective: [term] }),
    { ...here, ...rollout },
    bindingOf(instructionOf([term]), rest),
  );
  return cost[0]!;
}

describe('distance', () => {
  const pusher = { term: 'distance', of: 'pusher', to: [0.5, 0.5], tolerance: 0.1 } as const;
  const cup = { ...pusher, of: 'cup' } as const;
  // Distances of the pusher to the target: 0.5, 0.4, 0.3, 0.05; less the tolerance: 0.3, 0.2, 0 for steps 1 to 3.
  const coming = flat(
    [0, 0.1, 0.2, 0.45].map((x) => [
      [x, 0.5],
      [0.9, 0.9],
      [0.1, 0.9],
    ]),
  );

  test('is a ramp-weighted mean over the steps plus the last', async () => {
    // mean([0.5, 1, 1.5] * [0.3, 0.2, 0]) + 0 = 0.35 / 3
    expect(await costOf(pusher, { positions: coming })).toBeCloseTo(0.35 / 3, 5);
  });

  test('is the last step alone where the task says so', async () => {
    expect(await costOf({ ...pusher, steps: 'last' }, { positions: coming })).toBeCloseTo(0, 6);
    expect(await costOf({ ...pusher, steps: 'last', tolerance: 0 }, { positions: coming })).toBeCloseTo(0.05, 5);
  });

  test('counts the steps that are left, and no others', async () => {
    // Two steps: mean([0.5, 1.5] * [0.3, 0.2]) + 0.2 = 0.225 + 0.2; one: 0.3 + 0.3.
    expect(await costOf(pusher, { positions: coming }, { stepsLeft: 2 })).toBeCloseTo(0.425, 5);
    expect(await costOf(pusher, { positions: coming }, { stepsLeft: 1 })).toBeCloseTo(0.6, 5);
    expect(await costOf({ ...pusher, steps: 'last' }, { positions: coming }, { stepsLeft: 2 })).toBeCloseTo(0.2, 5);
  });

  test('of an object draws the pusher near, as far as its reach', async () => {
    // h = 0.3 at every step: 0.3 + 0.3. The pusher is 0.35 away: 0.8 * (0.35 - 0.1) = 0.2.
    const positions = still([
      [0.5, 0.55],
      [0.5, 0.9],
      [0, 0],
    ]);
    expect(await costOf(cup, { positions })).toBeCloseTo(0.8, 5);
    const near = still([
      [0.5, 0.81],
      [0.5, 0.9],
      [0, 0],
    ]);
    expect(await costOf(cup, { positions: near })).toBeCloseTo(0.6, 5);
  });

  test('draws the pusher no more where the object is done', async () => {
    expect(
      await costOf(cup, {
        positions: still([
          [0.1, 0.1],
          [0.5, 0.55],
          [0, 0],
        ]),
      }),
    ).toBe(0);
  });

  test('draws the pusher to the focus object only, where the objective is about several', async () => {
    const objective: TermSpec[] = [cup, { ...cup, of: 'plate' }];
    const cost = smallCost({ objective });
    // Cup and plate are 0.2 off their tolerances, the pusher 0.2 from the cup and sqrt(0.1) from the plate.
    const rollout = {
      ...here,
      positions: still([
        [0.4, 0.5],
        [0.2, 0.5],
        [0.5, 0.2],
      ]),
    };
    const total = async (focus: number | null) =>
      (await judge(cost, rollout, bindingOf(instructionOf(objective), { focus }))).cost[0]!;
    const base = 2 * (0.2 + 0.2);
    expect(await total(null)).toBeCloseTo(base, 5);
    expect(await total(1)).toBeCloseTo(base + 0.8 * 0.1, 5);
    expect(await total(2)).toBeCloseTo(base + 0.8 * (Math.sqrt(0.1) - 0.1), 5);
  });

  test('finds the targets of the episode by name', async () => {
    const term = { term: 'distance', of: 'pusher', to: 'goal', tolerance: 0 } as const;
    const cost = smallCost({ objective: [term] });
    const imagined = {
      ...here,
      positions: still([
        [0.5, 0.5],
        [0, 0],
        [0, 0],
      ]),
    };
    const at = async (x: number) =>
      (await judge(cost, imagined, bindingOf(instructionOf([term], { targets: { goal: [x, 0.5] } })))).cost[0]!;
    expect(await at(0.7)).toBeCloseTo(0.4, 5);
    expect(await at(0.9)).toBeCloseTo(0.8, 5);
  });
});

describe('inside', () => {
  const region = { x: [0.6, 0.8], y: [0.2, 0.8] } as const;
  test('is the distance to a place a little inside the region', async () => {
    const last = { term: 'inside', object: 'pusher', region, steps: 'last' } as const;
    const at = (x: number, y: number) =>
      costOf(last, {
        positions: still([
          [x, y],
          [0, 0],
          [0, 0],
        ]),
      });
    expect(await at(0.5, 0.5)).toBeCloseTo(0.12, 5);
    expect(await at(0.61, 0.5)).toBeCloseTo(0.01, 5);
    expect(await at(0.63, 0.5)).toBe(0);
    // Off a corner by (0.3, 0.4).
    expect(await at(0.3, 1.2)).toBeCloseTo(0.52, 5);
  });

  test('asks for no more than half the depth of a small region', async () => {
    const small = {
      term: 'inside',
      object: 'pusher',
      region: { centre: [0.5, 0.5], radius: 0.02 },
      steps: 'last',
    } as const;
    expect(
      await costOf(small, {
        positions: still([
          [0.5, 0.509],
          [0, 0],
          [0, 0],
        ]),
      }),
    ).toBe(0);
    expect(
      await costOf(small, {
        positions: still([
          [0.5, 0.53],
          [0, 0],
          [0, 0],
        ]),
      }),
    ).toBeCloseTo(0.02, 5);
  });

  test('of an object draws the pusher near', async () => {
    const term = { term: 'inside', object: 'plate', region } as const;
    // 0.1 outside: 2 x 0.12; the pusher is 0.4 away: 0.8 x 0.3.
    expect(
      await costOf(term, {
        positions: still([
          [0.1, 0.5],
          [0, 0],
          [0.5, 0.5],
        ]),
      }),
    ).toBeCloseTo(0.48, 5);
  });
});

/** The same headings of pusher, cup and plate at all steps, of a length that says nothing. */
const headed = (angle: number, length = 1): number[] =>
  [0, 1, 2, 3].flatMap(() => [0, 1, 2].flatMap(() => encodeHeading(angle).map((number) => number * length)));
const degrees = Math.PI / 180;

describe('pose', () => {
  const term = { term: 'pose', of: 'cup', to: [0.5, 0.5], angle: 0.5, turns: 1, steps: 'last' } as const;
  // The cup is 0.3 off, the pusher with it.
  const positions = still([
    [0.5, 0.8],
    [0.5, 0.8],
    [0, 0],
  ]);

  test('is the length of distance and swing together, less the tolerance', async () => {
    // Turned by 60 degrees: 0.2 sin 30 = 0.1.
    const headings = headed(0.5 + 60 * degrees);
    expect(await costOf(term, { positions, headings })).toBeCloseTo(Math.hypot(0.3, 0.1) - 0.02, 5);
    expect(await costOf({ ...term, tolerance: 0.2 }, { positions, headings })).toBeCloseTo(
      Math.hypot(0.3, 0.1) - 0.2,
      5,
    );
    // 0.1 for each radian of a small turn: 0.3 radians are 0.03.
    const there = still([
      [0.5, 0.5],
      [0.5, 0.5],
      [0, 0],
    ]);
    expect(await costOf(term, { positions: there, headings: headed(0.8) })).toBeCloseTo(0.2 * Math.sin(0.15) - 0.02, 4);
    expect(await costOf(term, { positions: there, headings: headed(0.6) })).toBe(0);
  });

  test('takes a heading that looks the same for the same, and the longest turn for a quarter', async () => {
    const box = { ...term, turns: 2 };
    const at = (angle: number) => costOf(box, { positions, headings: headed(0.5 + angle * degrees) });
    expect(await at(180)).toBeCloseTo(0.28, 5);
    expect(await at(90)).toBeCloseTo(Math.hypot(0.3, 0.1) - 0.02, 5);
    expect(await at(-150)).toBeCloseTo(await at(30), 5);
    expect(await costOf(term, { positions, headings: headed(0.5 + Math.PI) })).toBeCloseTo(
      Math.hypot(0.3, 0.2) - 0.02,
      5,
    );
  });

  test('reads the direction of a probed heading, whatever its length', async () => {
    const costs = [0.5, 1, 3].map((length) => costOf(term, { positions, headings: headed(2, length) }));
    const [short, unit, long] = await Promise.all(costs);
    expect(short).toBeCloseTo(unit!, 5);
    expect(long).toBeCloseTo(unit!, 5);
  });

  test('draws the pusher near, gently, and not closer than it must be to go round', async () => {
    const from = (y: number) =>
      costOf(term, {
        positions: still([
          [0.5, y],
          [0.5, 0.8],
          [0, 0],
        ]),
        headings: headed(0.5),
      });
    expect(await from(0.68)).toBeCloseTo(0.28, 5);
    // 0.33 away: 0.1 x (0.33 - 0.13), over the steps.
    expect(await from(0.47)).toBeCloseTo(0.28 + 0.02, 5);
  });
});

describe('angle', () => {
  const term = { term: 'angle', of: 'cup', to: 1, turns: 1, steps: 'last' } as const;
  test('is the swing beyond what it is at the tolerance', async () => {
    const swing = (radians: number) => 0.2 * Math.sin(radians / 2);
    expect(await costOf(term, { headings: headed(2) })).toBeCloseTo(swing(1) - swing(0.1), 5);
    expect(await costOf({ ...term, tolerance: 0.5 }, { headings: headed(0) })).toBeCloseTo(swing(1) - swing(0.5), 5);
    expect(await costOf(term, { headings: headed(1.09) })).toBe(0);
    expect(await costOf({ ...term, turns: 2 }, { headings: headed(1 - Math.PI) })).toBe(0);
    expect(await costOf({ ...term, tolerance: 9 }, { headings: headed(1 + Math.PI) })).toBe(0);
  });
});

test.each(['pose', 'angle'] as const)('%s of a heading that diverged is no number, on any device', async (kind) => {
  const term: TermSpec =
    kind === 'pose'
      ? { term: 'pose', of: 'cup', to: [0.5, 0.5], angle: 0.5, turns: 2 }
      : { term: 'angle', of: 'cup', to: 0.5, turns: 1 };
  const cost = smallCost({ objective: [term] });
  const binding = bindingOf(instructionOf([term]));
  const executable = await compile(costProgram(cost, here));
  for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const headings = headed(1);
    // The cup's, at the second step.
    headings[2 * 12 + 5] = broken;
    expect((await judge(cost, { ...here, headings }, binding)).cost).toEqual([Number.NaN]);
    const { cost: compiled } = await executable.run(feedsOf(cost, { ...here, headings }, [binding]));
    expect(Number.isFinite(compiled![0])).toBe(false);
  }
  await executable.dispose();
});

test('headings are needed only by terms that read them', async () => {
  const blind = (term: TermSpec) => {
    const cost = smallCost({ objective: [term] });
    const program = costProgram(cost, here);
    const run: typeof program.run = (given) => ({ ...cost.evaluate({ ...rolloutOf(given), headings: null }, given) });
    return runEager({ ...program, run }, feedsOf(cost, here, [bindingOf(instructionOf([term]))]));
  };
  await expect(blind({ term: 'angle', of: 'cup', to: 0.5, turns: 1 })).rejects.toThrow('no heading probe');
  await expect(blind({ term: 'distance', of: 'cup', to: [0, 0] })).resolves.toBeDefined();
});

describe('what a term says of an object as it is seen is what it costs there', () => {
  const terms: readonly TermSpec[] = [
    { term: 'distance', of: 'cup', to: [0.4, 0.6], steps: 'last' },
    { term: 'inside', object: 'cup', region: { x: [0.4, 0.6], y: [0.3, 0.5] }, steps: 'last' },
    { term: 'inside', object: 'cup', region: { centre: [0.4, 0.6], radius: 0.01 }, steps: 'last' },
    { term: 'pose', of: 'cup', to: [0.4, 0.6], angle: 2, turns: 1, steps: 'last' },
    { term: 'pose', of: 'cup', to: [0.4, 0.6], angle: 2, turns: 2, tolerance: 0.1, steps: 'last' },
    { term: 'angle', of: 'cup', to: -3, turns: 1, tolerance: 0.3, steps: 'last' },
    { term: 'angle', of: 'cup', to: -3, turns: 2, steps: 'last' },
  ];
  test.each(terms)('%j', async (spec) => {
    const rng = createRng(3, 'seen', JSON.stringify(spec));
    const { subject } = createTerm(spec, smallShape);
    const cost = smallCost({ objective: [spec] });
    const instruction = instructionOf([spec]);
    for (let round = 0; round < 10; round++) {
      const position = [rng.uniform(), rng.uniform()] as const;
      const angle = rng.between(-4, 4);
      const heading = encodeHeading(angle);
      const imagined = { ...here, positions: still([position, position, [0, 0]]), headings: headed(angle) };
      const [value] = (await judge(cost, imagined, bindingOf(instruction))).cost;
      expect(Math.abs(subject!.residualAt({ position, heading }, instruction, []) - value!)).toBeLessThan(1e-4);
    }
  });
});

test('dragging a finished object out again costs, though another one has the focus', async () => {
  const region = { x: [0.6, 1], y: [0, 1] } as const;
  const objective: TermSpec[] = ['cup', 'plate'].map((object) => ({ term: 'inside', object, region }));
  // The cup is inside; the pusher is at the plate, which is not.
  const cupAt = (...xs: number[]) =>
    flat(
      xs.map((x) => [
        [0.3, 0.5],
        [x, 0.5],
        [0.3, 0.6],
      ]),
    );
  const cost = smallCost({ objective });
  const imagined = {
    batch: 1,
    samples: 3,
    positions: [...cupAt(0.7, 0.7, 0.7, 0.7), ...cupAt(0.7, 0.75, 0.8, 0.9), ...cupAt(0.7, 0.7, 0.6, 0.5)],
  };
  const { cost: costs } = await judge(cost, imagined, bindingOf(instructionOf(objective), { focus: 2 }));
  expect(costs[1]).toBeCloseTo(costs[0]!, 6);
  // mean([1, 1.5] x [0.02, 0.12]) over three steps, plus the last.
  expect(costs[2]! - costs[0]!).toBeCloseTo((0.02 + 1.5 * 0.12) / 3 + 0.12, 5);
});

test('goal-image is the mean squared latent error at the last step, or over the ramp', async () => {
  const goalLatent = new Float32Array(12).fill(0.5);
  // Errors of 0.5, 0.4, 0.3, 0.2 in every dimension.
  const latents = [0, 0.1, 0.2, 0.3].flatMap((value) => new Array<number>(12).fill(value));
  expect(await costOf({ term: 'goal-image' }, { latents }, { goalLatent })).toBeCloseTo(0.04, 6);
  expect(await costOf({ term: 'goal-image' }, { latents }, { goalLatent, stepsLeft: 1 })).toBeCloseTo(0.16, 6);
  // mean([0.5, 1, 1.5] * [0.16, 0.09, 0.04]) + 0.04
  expect(await costOf({ term: 'goal-image', steps: 'ramp' }, { latents }, { goalLatent })).toBeCloseTo(
    0.23 / 3 + 0.04,
    6,
  );
});

test('critic is the steps left beyond its tolerance, at the last step or over the ramp', async () => {
  const goalLatent = new Float32Array(12).fill(0.5);
  // Squared gaps of 12 x 0.25, 12 x 0.16, 12 x 0.09, 12 x 0.04: 3, 1.92, 1.08, 0.48 stand for steps left.
  const latents = [0, 0.1, 0.2, 0.3].flatMap((value) => new Array<number>(12).fill(value));
  expect(await costOf({ term: 'critic' }, { latents }, { goalLatent })).toBe(0);
  expect(await costOf({ term: 'critic' }, { latents }, { goalLatent, stepsLeft: 1 })).toBeCloseTo(0.92, 5);
  expect(await costOf({ term: 'critic', tolerance: 0, weight: 2 }, { latents }, { goalLatent })).toBeCloseTo(0.96, 5);
  // mean([0.5, 1, 1.5] * [0.92, 0.08, 0]) + 0
  const ramp = { term: 'critic', steps: 'ramp' } as const;
  expect(await costOf(ramp, { latents }, { goalLatent })).toBeCloseTo(0.54 / 3, 5);
});

test('critic says so where there is no picture, or no critic', async () => {
  const cost = smallCost({ objective: [{ term: 'critic' }] });
  const instruction = instructionOf([{ term: 'critic' }]);
  expect(() => cost.bind(bindingOf(instruction))).toThrow("task 'test' has a critic term, and the episode shows no");
  const binding = bindingOf(instruction, { goalLatent: new Float32Array(12) });
  const program = costProgram(cost, here);
  const run = (given: Parameters<typeof program.run>[0]) => {
    const { remaining: _, ...without } = rolloutOf(given);
    return { ...cost.evaluate(without, given) };
  };
  await expect(runEager({ ...program, run }, feedsOf(cost, here, [binding]))).rejects.toThrow(
    'this world model has no critic',
  );
});

test('effort is the mean squared norm of the actions that count', async () => {
  const actions = [3, 4, 1, 0, 0, 2];
  expect(await costOf({ term: 'effort', weight: 1 }, { actions })).toBeCloseTo(10, 5);
  expect(await costOf({ term: 'effort', weight: 0.5 }, { actions })).toBeCloseTo(5, 5);
  expect(await costOf({ term: 'effort', weight: 1 }, { actions }, { stepsLeft: 2 })).toBeCloseTo(13, 5);
});

test('smoothness is the squared change between actions that count, over their number', async () => {
  const actions = [3, 4, 1, 0, 0, 2];
  // (2^2 + 4^2) + (1 + 2^2)
  expect(await costOf({ term: 'smoothness', weight: 1 }, { actions })).toBeCloseTo(25 / 3, 5);
  expect(await costOf({ term: 'smoothness', weight: 1 }, { actions }, { stepsLeft: 2 })).toBeCloseTo(10, 5);
  expect(await costOf({ term: 'smoothness', weight: 1 }, { actions }, { stepsLeft: 1 })).toBe(0);
});

test('terms are weighted and summed', async () => {
  const objective: TermSpec[] = [
    { term: 'effort', weight: 2 },
    { term: 'distance', of: 'pusher', to: [0.5, 0.5], tolerance: 0, weight: 3, steps: 'last' },
  ];
  const imagined = {
    ...here,
    actions: [1, 0, 1, 0, 1, 0],
    positions: still([
      [0.5, 0.9],
      [0, 0],
      [0, 0],
    ]),
  };
  const { cost } = await judge(smallCost({ objective }), imagined, bindingOf(instructionOf(objective)));
  expect(cost[0]).toBeCloseTo(2 * 1 + 3 * 0.4, 5);
});

describe('gradients agree with finite differences', () => {
  registerTerm(atDistance);
  const cases: readonly (readonly [TermSpec, 'positions' | 'headings' | 'latents' | 'actions'])[] = [
    [{ term: 'goal-image' }, 'latents'],
    [{ term: 'goal-image', steps: 'ramp' }, 'latents'],
    [{ term: 'critic', tolerance: 0.5 }, 'latents'],
    [{ term: 'critic', steps: 'ramp' }, 'latents'],
    [{ term: 'distance', of: 'pusher', to: [0.4, 0.6] }, 'positions'],
    [{ term: 'distance', of: 'cup', to: [0.4, 0.6], weight: 2 }, 'positions'],
    [{ term: 'distance', of: 'plate', to: [0.4, 0.6], steps: 'last' }, 'positions'],
    [{ term: 'pose', of: 'cup', to: [0.4, 0.6], angle: 1, turns: 1 }, 'positions'],
    [{ term: 'pose', of: 'cup', to: [0.4, 0.6], angle: 1, turns: 1 }, 'headings'],
    [{ term: 'pose', of: 'plate', to: [0.4, 0.6], angle: 1, turns: 2, steps: 'last' }, 'headings'],
    [{ term: 'angle', of: 'cup', to: 2, turns: 1 }, 'headings'],
    [{ term: 'angle', of: 'plate', to: 2, turns: 2, weight: 3, steps: 'last' }, 'headings'],
    [{ term: 'inside', object: 'cup', region: { x: [0.4, 0.6], y: [0.3, 0.5] } }, 'positions'],
    [{ term: 'inside', object: 'pusher', region: { centre: [0.5, 0.5], radius: 0.2 }, steps: 'last' }, 'positions'],
    [
      { term: 'custom', use: 'at-distance', with: { of: 'cup', from: [0.5, 0.5], radius: 0.2, tolerance: 0 } },
      'positions',
    ],
    [{ term: 'effort', weight: 1 }, 'actions'],
    [{ term: 'smoothness', weight: 1 }, 'actions'],
  ];
  const sizes = {
    positions: (horizon + 1) * entities.length * 2,
    headings: (horizon + 1) * entities.length * 4,
    latents: (horizon + 1) * latentShape[0] * latentShape[1],
    actions: horizon * actionSize,
  };

  test('and every term is among the cases', () => {
    expect(new Set(cases.map(([{ term }]) => term))).toEqual(new Set(termNames));
  });

  test.each(cases)('%j', async (term, part) => {
    const cost = smallCost({ objective: [term] });
    const rng = createRng(2, 'differences', JSON.stringify(term));
    const binding = bindingOf(instructionOf([term]), {
      goalLatent: Float32Array.from({ length: 12 }, () => rng.normal()),
    });
    const size = sizes[part];
    const step = 2 ** -9;
    let compared = 0;
    for (let round = 0; round < 4; round++) {
      const at = Float32Array.from({ length: size }, () => rng.uniform());
      const gradient = await gradientOf(cost, part, 'cost', { ...here, [part]: at }, binding);
      // One call for all differences: candidate 2 i has number i raised, 2 i + 1 has it lowered, the last is as it is.
      const moved = Array.from({ length: 2 * size }, (_, k) =>
        at.with(k >> 1, at[k >> 1]! + (k % 2 === 0 ? step : -step)),
      );
      const all = [...moved, at].flatMap((values) => [...values]);
      const values = (await judge(cost, { batch: 1, samples: 2 * size + 1, [part]: all }, binding)).cost;
      const middle = values.at(-1)!;
      for (let i = 0; i < size; i++) {
        const [above, below] = [(values[2 * i]! - middle) / step, (middle - values[2 * i + 1]!) / step];
        // Sides that differ by more than a smooth curve's: a hinge lies between, where there is no gradient.
        if (Math.abs(above - below) > 0.05 * (1 + Math.abs(above))) continue;
        compared += 1;
        expect(Math.abs((above + below) / 2 - gradient[i]!)).toBeLessThan(2e-3 * (1 + Math.abs(gradient[i]!)));
      }
    }
    expect(compared).toBeGreaterThan(0.9 * 4 * size);
  });
});

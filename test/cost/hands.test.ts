import { speedNear } from '../../src/core/moving-hand.ts';
import type { GuardrailSpec, Point, TermSpec } from '../../src/core/task.ts';
import { defaultCaution } from '../../src/cost/guardrails.ts';
import { bindingOf, flat, instructionOf, judge, smallCost, still } from './imagined.ts';

const objective: TermSpec[] = [{ term: 'effort', weight: 0 }];
const rail: GuardrailSpec = { kind: 'moving-hand', hand: 'hand', distance: 0.05, slowWithin: 0.2 };
const away: Point = [0.9, 0.9];

interface Given {
  readonly positions: readonly number[];
  readonly actions?: readonly number[];
  /** Where the hand is foretold, step by step; here by default. */
  readonly hand?: readonly Point[];
  readonly doubts?: readonly number[];
  readonly margins?: { pusher: number; objects: number };
}

async function judged({ positions, actions, hand, doubts = [0, 0, 0, 0], margins }: Given) {
  const guardrails = [rail];
  const cost = smallCost({ objective, guardrails, radii: [0.03, 0.055, 0.05], ...(margins ? { margins } : {}) });
  const places = hand ?? Array.from({ length: 4 }, (): Point => [0.5, 0.5]);
  const { violation, cost: costs } = await judge(
    cost,
    { batch: 1, samples: 1, positions, ...(actions ? { actions } : {}) },
    bindingOf(instructionOf(objective, { guardrails }), { hands: [{ name: 'hand', places, doubts }] }),
  );
  return { violation: violation[0]!, cost: costs[0]! };
}
const violationOf = async (given: Given) => (await judged(given)).violation;

describe('the pusher', () => {
  test('keeps radii, distance, margin and doubt from where the hand will be, summed over the steps', async () => {
    const at = (x: number) => still([[x, 0.5], away, away]);
    // 0.03 + 0.05 + 0.05 = 0.13.
    expect(await violationOf({ positions: at(0.3699) })).toBe(0);
    expect(await violationOf({ positions: at(0.38) })).toBeCloseTo(0.03, 5);
    expect(await violationOf({ positions: at(0.36), margins: { pusher: 0.02, objects: 0 } })).toBeCloseTo(0.03, 5);
    expect(await violationOf({ positions: at(0.36), doubts: [9, 0, 0, 0.015] })).toBeCloseTo(0.005, 5);
  });

  test('is not safe where a model imagines it beyond a wall', async () => {
    const hand = Array.from({ length: 4 }, (): Point => [0.5, 0.9]);
    const through = still([[0.5, 1.2], away, away]);
    // It stands at the wall, 0.97, and 0.07 from the hand.
    expect(await violationOf({ positions: through, hand })).toBeCloseTo(3 * (0.13 - 0.07), 5);
    // To the side it is as far as it is.
    expect(await violationOf({ positions: still([[0.7, 1.2], away, away]), hand })).toBe(0);
  });

  test('stands still at its peril where the hand comes by, and is safe behind it', async () => {
    const positions = still([[0.5, 0.5], away, away]);
    const going = (ys: readonly number[]) => ys.map((y): Point => [0.5, y]);
    expect(await violationOf({ positions, hand: going([0.1, 0.2, 0.3, 0.4]) })).toBeCloseTo(0.03, 5);
    expect(await violationOf({ positions, hand: going([0.6, 0.7, 0.8, 0.9]) })).toBe(0);
  });

  test('does not slip through between two steps', async () => {
    const hand = [
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ] as const;
    const way = flat([0.2, 0.35, 0.65, 0.8].map((x) => [[x, 0.5], away, away]));
    expect(await violationOf({ positions: way, hand })).toBeGreaterThan(0.1);
  });

  test('is as slow as it has to be, by how much further away it would have to be', async () => {
    const gap = 0.1;
    const positions = still([[0.5 - 0.08 - gap, 0.5], away, away]);
    const allowed = speedNear(gap, { distance: 0.05, slowWithin: 0.2 });
    const actions = (length: number) => [length, 0, length, 0, length, 0];
    expect(await violationOf({ positions, actions: actions(allowed - 0.001) })).toBe(0);
    const faster = allowed + (0.02 * (Math.SQRT2 - 0.6)) / 0.15;
    expect(await violationOf({ positions, actions: actions(faster) })).toBeCloseTo(3 * 0.02, 4);
  });
});

describe('an object', () => {
  const beside = (x: number): Point[] => [away, [x, 0.5], [0.1, 0.9]];

  test('may lie where a hand passes over it, and not be moved there', async () => {
    expect(await violationOf({ positions: still(beside(0.45)) })).toBe(0);
    const moved = flat([0.44, 0.455, 0.47, 0.485].map(beside));
    expect(await violationOf({ positions: moved })).toBeGreaterThan(0.3);
  });

  test('is not pressed on there, however little it would move', async () => {
    const scene = (pusher: number): Point[] => [
      [pusher, 0.5],
      [0.36, 0.5],
      [0.1, 0.9],
    ];
    expect(await violationOf({ positions: still(scene(0.275)) })).toBe(0);
    const pressed = flat([0.272, 0.275, 0.275, 0.275].map(scene));
    // The cup is 0.14 from the hand and has to be 0.055 + 0.05 + 0.05 from it.
    expect(await violationOf({ positions: pressed })).toBeCloseTo(0.015, 4);
    const leaving = flat([0.275, 0.265, 0.255, 0.245].map(scene));
    expect(await violationOf({ positions: leaving })).toBe(0);
  });
});

test('a soft edge costs a little before the hard one is reached', async () => {
  const near = await judged({ positions: still([[0.36, 0.5], away, away]) });
  expect(near.violation).toBe(0);
  expect(near.cost).toBeGreaterThan(0.05 * defaultCaution.weight);
  expect((await judged({ positions: still([[0.2, 0.5], away, away]) })).cost).toBe(0);
});

test('asks for a forecast of the hand it is about', () => {
  const cost = smallCost({ objective, guardrails: [rail] });
  expect(() => cost.bind(bindingOf(instructionOf(objective, { guardrails: [rail] })))).toThrow("the hand 'hand'");
});

import { createHandTracker } from '../../src/agent/hand-tracker.ts';
import { longestNearHands } from '../../src/agent/near-hands.ts';
import { createOcclusion } from '../../src/agent/occlusion.ts';
import type { Point } from '../../src/core/task.ts';

const hand = { name: 'hand', colour: [0, 200, 230] } as const;

/** What is foretold after these looks. */
function after(...looks: readonly (Point | null)[]) {
  const tracker = createHandTracker([hand]);
  for (const look of looks) tracker.note([look]);
  return tracker.forecast(4)[0]!;
}

test('a hand goes on as it went', () => {
  const { places } = after([0.5, 0.2], [0.5, 0.23], [0.5, 0.26]);
  expect(places.map(([, y]) => y)).toEqual([0.26, 0.29, 0.32, 0.35, 0.38].map((y) => expect.closeTo(y, 9)));
  expect(places.every(([x]) => x === 0.5)).toBe(true);
});

test('the error of two looks is halved, and a turn is believed at once', () => {
  const step = ({ places }: ReturnType<typeof after>) => places[1]![1] - places[0]![1];
  expect(step(after([0.5, 0.2], [0.5, 0.232], [0.5, 0.26]))).toBeCloseTo(0.03, 9);
  expect(step(after([0.5, 0.2], [0.5, 0.23], [0.5, 0.21]))).toBeCloseTo(-0.02, 9);
});

test('it stays on the table, and nobody knows where it goes before it was seen twice', () => {
  expect(after([0.5, 0.9], [0.5, 0.95]).places.at(-1)).toEqual([0.5, 1]);
  const once = after([0.5, 0.5]);
  expect(once.places).toEqual(Array.from({ length: 5 }, () => [0.5, 0.5]));
  expect(once.doubts[1]!).toBeGreaterThanOrEqual(0.04);
  expect(once.doubts[2]!).toBeGreaterThanOrEqual(0.08);
});

test('it may turn before it is looked at again', () => {
  const { doubts } = after([0.5, 0.2], [0.5, 0.23], [0.5, 0.26]);
  expect(doubts[1]! - doubts[0]!).toBeGreaterThan(0.03);
  expect(doubts[0]!).toBeLessThan(0.01);
});

test('unseen it goes on, with growing doubt; never seen it is missed', () => {
  const { places, doubts } = after([0.5, 0.2], [0.5, 0.23], null);
  expect(places[0]![1]).toBeCloseTo(0.26, 9);
  expect(doubts[0]!).toBeGreaterThan(0.04);
  expect(after([0.5, 0.2], [0.5, 0.23], null, null).doubts[0]!).toBeGreaterThan(doubts[0]!);
  expect(() => after(null)).toThrow("cannot see the hand 'hand'");
});

test('the last check of an action: as long as the nearest hand allows, now and at the end of the step', () => {
  const rail = { kind: 'moving-hand', hand: 'hand', distance: 0.05, slowWithin: 0.2 } as const;
  const hands = [
    {
      name: 'hand',
      places: [
        [0.5, 0.5],
        [0.5, 0.5],
      ] as Point[],
      doubts: [0, 0],
    },
  ];
  const longest = (from: number, to: number) =>
    longestNearHands({
      guardrails: [rail],
      hands,
      way: [
        [from, 0.5],
        [to, 0.5],
      ],
      radius: 0.03,
    });
  expect(longest(0.2, 0.2)).toBe(Math.SQRT2);
  expect(longest(0.2, 0.37)).toBeCloseTo(0.6, 9);
  expect(longest(0.37, 0.2)).toBeCloseTo(0.6, 9);
  expect(longest(0.295, 0.295)).toBeCloseTo((0.6 + Math.SQRT2) / 2, 9);
  expect(
    longestNearHands({
      guardrails: [],
      hands,
      way: [
        [0, 0],
        [0, 0],
      ],
      radius: 0,
    }),
  ).toBe(Number.POSITIVE_INFINITY);
});

test('what a hand covers has not moved', () => {
  const occlusion = createOcclusion(2);
  const viewAt = (x: number) => ({
    latent: Float32Array.of(0, 0, x, x),
    seen: [0.1, x].map((each) => ({ position: [each, 0.5] as Point, heading: null })),
  });
  const look = (x: number, mass: number, hands: readonly (Point | null)[]) =>
    occlusion.seeThrough(viewAt(x), [10, mass], [0.03, 0.05], hands).seen[1]!.position[0];
  expect(look(0.5, 40, [[0.5, 0.2]])).toBe(0.5);
  expect(look(0.51, 30, [[0.5, 0.4]])).toBe(0.5);
  // Less of it, and no hand about; all of it, and a hand beside it.
  expect(look(0.51, 30, [[0.5, 0.1]])).toBe(0.51);
  expect(look(0.52, 40, [[0.5, 0.4]])).toBe(0.52);
  expect(look(0.6, 10, [null])).toBe(0.6);
});

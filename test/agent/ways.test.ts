import fc from 'fast-check';
import { ease, findRoute, isStraight, type Obstacle } from '../../src/agent/route.ts';
import { findWays, type WaysOptions } from '../../src/agent/ways.ts';
import type { GuardrailSpec, Point, TermSpec } from '../../src/core/task.ts';
import { signedDistanceAt } from '../../src/cost/region.ts';

const to =
  ([goalX, goalY]: Point) =>
  ([x, y]: Point) =>
    Math.hypot(x - goalX, y - goalY);
const disc = { centre: [0.5, 0.5], radius: 0.1 } as const;
const table = { inset: 0.03, previous: null, arrival: 0.05 } as const;

describe('a route', () => {
  test('leads around, and is about as long as a taut string would be', () => {
    const obstacles: Obstacle[] = [{ region: disc, clearance: 0.1 }];
    const route = findRoute({ from: [0.2, 0.5], left: to([0.8, 0.5]), obstacles, ...table })!;
    // Two tangents of sqrt(0.3^2 - 0.2^2) to a circle of 0.2, and the arc between them.
    const taut = 2 * Math.sqrt(0.05) + 0.2 * (Math.PI - 2 * Math.acos(0.2 / 0.3));
    expect(route.length).toBeGreaterThan(taut - 0.03);
    expect(route.length).toBeLessThan(1.1 * taut);
    expect(route.beyond).toBeGreaterThan(0.1);
    expect(isStraight([0.2, 0.5], route.via, obstacles)).toBe(true);
  });

  test('is null where a band divides the table, and goes through its gap where there is one', () => {
    const lower: Obstacle = { region: { x: [0.45, 0.55], y: [0.4, 1] }, clearance: 0.05 };
    const upper = (end: number): Obstacle => ({ region: { x: [0.45, 0.55], y: [0, end] }, clearance: 0.05 });
    const find = (obstacles: readonly Obstacle[]) =>
      findRoute({ from: [0.2, 0.8], left: to([0.8, 0.8]), obstacles, ...table });
    expect(find([lower, upper(0.35)])).toBeNull();
    expect(find([lower, upper(0.2)])!.via[1]).toBeLessThan(0.36);
    expect(find([lower])!.length).toBeGreaterThan(1);
  });

  test('begins where one is, however near to an obstacle that is, and then goes no nearer', () => {
    const from: Point = [0.5, 0.35];
    const obstacles = ease(from, [{ region: disc, clearance: 0.12 }]);
    const route = findRoute({ from, left: to([0.5, 0.85]), obstacles, ...table })!;
    expect(signedDistanceAt(route.via, disc)).toBeGreaterThan(0.03);
    expect(route.length).toBeGreaterThan(0.5);
  });

  test('of two ways about as short the last one is gone on with', () => {
    const obstacles: Obstacle[] = [{ region: disc, clearance: 0.1 }];
    const via = (previous: Point | null) =>
      findRoute({ from: [0.2, 0.5], left: to([0.8, 0.5]), obstacles, ...table, previous })!.via[1];
    expect(via([0.39, 0.69])).toBeGreaterThan(0.6);
    expect(via([0.39, 0.31])).toBeLessThan(0.4);
  });

  test('keeps clear all along, whatever is in the way', () => {
    const place = fc.tuple(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    );
    const obstacle = fc.record({
      region: fc.record({ centre: place, radius: fc.double({ min: 0.02, max: 0.15, noNaN: true }) }),
      clearance: fc.double({ min: 0.02, max: 0.15, noNaN: true }),
    });
    fc.assert(
      fc.property(place, place, fc.array(obstacle, { maxLength: 4 }), (from, goal, given) => {
        const obstacles = ease(from, given);
        let at: Point = from;
        let last = Number.POSITIVE_INFINITY;
        for (let leg = 0; leg < 60; leg++) {
          const route = findRoute({ from: at, left: to(goal), obstacles, ...table });
          if (route === null) return expect(leg).toBe(0);
          expect(route.length).toBeLessThan(last + 0.03);
          expect(isStraight(at, route.via, obstacles)).toBe(true);
          if (route.direct) return expect(to(goal)(route.via)).toBeLessThanOrEqual(0.05);
          [at, last] = [route.via, route.length];
        }
        throw new Error('never arrives');
      }),
      { seed: 5, numRuns: 12 },
    );
  }, 60_000);
});

describe('ways of an instruction', () => {
  const entities = ['pusher', 'cup'].map((name) => ({ name, colour: [0, 0, 0] as const }));
  const distance: TermSpec = { term: 'distance', of: 'cup', to: 'goal' };
  const zone = (who: string, centre: Point): GuardrailSpec => ({
    kind: 'keep-out',
    who,
    region: { centre, radius: 0.08 },
  });
  const ways = (
    places: readonly [Point, Point],
    guardrails: readonly GuardrailSpec[],
    objective: readonly TermSpec[] = [distance],
    more: Partial<WaysOptions> = {},
  ) =>
    findWays({
      instruction: {
        ...{ taskId: 't', objective, guardrails, entities, goalFrame: null, budgetSteps: 9 },
        targets: { goal: [0.8, 0.5] },
      },
      guardrails,
      seen: places.map((position) => ({ position, heading: null })),
      radii: [0.03, 0.055],
      margins: { pusher: 0.02, objects: 0.03, perDisagreement: 0 },
      focus: 1,
      previous: null,
      ...more,
    });

  test('change nothing where the straight way is free', () => {
    const free = ways(
      [
        [0.1, 0.5],
        [0.3, 0.5],
      ],
      [zone('objects', [0.5, 0.9]), zone('pusher', [0.5, 0.1])],
    );
    expect(free.instruction.objective).toEqual([distance]);
    expect(free).toMatchObject({ via: null, lead: null, closed: false });
    expect(free.left).toBeCloseTo(0.5 + 0.2, 6);
  });

  test('lead the object around a zone, and the pusher around its own', () => {
    const around = ways(
      [
        [0.1, 0.5],
        [0.3, 0.5],
      ],
      [zone('objects', [0.55, 0.5])],
    );
    const [led] = around.instruction.objective as unknown as [{ to: Point }];
    expect(Math.abs(led.to[1] - 0.5)).toBeGreaterThan(0.1);
    expect(around.via).toBeNull();
    expect(around.left!).toBeGreaterThan(0.75);

    const behind = ways(
      [
        [0.1, 0.5],
        [0.6, 0.5],
      ],
      [zone('pusher', [0.35, 0.5])],
    );
    expect(behind.instruction.objective).toEqual([distance]);
    expect(Math.abs(behind.via!.place[1] - 0.5)).toBeGreaterThan(0.05);
    const detour = Math.hypot(behind.via!.place[0] - 0.1, behind.via!.place[1] - 0.5) + behind.via!.beyond;
    expect(detour).toBeGreaterThan(0.5);
    expect(detour).toBeLessThan(0.65);
  });

  test('lead the pusher to behind what is to go around, around the thing itself', () => {
    const rails = [zone('objects', [0.55, 0.5])];
    const objectsWay = ways(
      [
        [0.1, 0.5],
        [0.3, 0.5],
      ],
      rails,
    );
    const [leadX, leadY] = objectsWay.lead!;
    const length = Math.hypot(leadX - 0.3, leadY - 0.5);
    const ahead: Point = [0.3 + (0.1 * (leadX - 0.3)) / length, 0.5 + (0.1 * (leadY - 0.5)) / length];
    const { via, lead } = ways([ahead, [0.3, 0.5]], rails, [distance], { previous: objectsWay });
    expect(lead).toEqual(objectsWay.lead);
    // The way-point leads to the side, and the rest of the way is longer than straight through the thing.
    expect(Math.hypot(via!.place[0] - 0.3, via!.place[1] - 0.5)).toBeGreaterThan(0.08);
    expect(Math.hypot(via!.place[0] - ahead[0], via!.place[1] - ahead[1]) + via!.beyond).toBeGreaterThan(0.25);
  });

  test('are closed for a thing that a band keeps from its goal, and for a pusher that it keeps from the thing', () => {
    const band = (who: string): GuardrailSpec => ({ kind: 'keep-out', who, region: { x: [0.47, 0.53], y: [0, 1] } });
    expect(
      ways(
        [
          [0.1, 0.5],
          [0.3, 0.5],
        ],
        [band('objects')],
      ).closed,
    ).toBe(true);
    expect(
      ways(
        [
          [0.9, 0.5],
          [0.3, 0.5],
        ],
        [band('pusher')],
      ).closed,
    ).toBe(true);
    expect(
      ways(
        [
          [0.1, 0.5],
          [0.3, 0.5],
        ],
        [band('pusher')],
      ).closed,
    ).toBe(false);
    const inside: TermSpec = { term: 'inside', object: 'cup', region: { x: [0.7, 1], y: [0, 1] } };
    expect(
      ways(
        [
          [0.1, 0.5],
          [0.3, 0.5],
        ],
        [band('cup')],
        [inside],
      ).closed,
    ).toBe(true);
    expect(
      ways(
        [
          [0.6, 0.5],
          [0.65, 0.5],
        ],
        [band('cup')],
        [inside],
      ).closed,
    ).toBe(false);
    const reach: TermSpec = { term: 'distance', of: 'pusher', to: [0.9, 0.5] };
    expect(
      ways(
        [
          [0.1, 0.5],
          [0.3, 0.9],
        ],
        [band('pusher')],
        [reach],
        { focus: null },
      ).closed,
    ).toBe(true);
  });

  test('say nothing of objectives without a place', () => {
    expect(
      ways(
        [
          [0.1, 0.5],
          [0.3, 0.5],
        ],
        [],
        [{ term: 'effort', weight: 1 }],
      ).left,
    ).toBeNull();
    expect(
      ways(
        [
          [0.1, 0.5],
          [0.3, 0.5],
        ],
        [],
        [distance, distance],
      ).left,
    ).toBeNull();
  });
});

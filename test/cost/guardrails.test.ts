import fc from 'fast-check';
import type { GuardrailSpec, Point, TermSpec } from '../../src/core/task.ts';
import { bindingOf, flat, gradientOf, instructionOf, judge, smallCost, smallShape, still } from './imagined.ts';

const here = { batch: 1, samples: 1 };
const objective: TermSpec[] = [{ term: 'effort', weight: 1 }];
const zone = { centre: [0.5, 0.5], radius: 0.1 } as const;
const forPusher: GuardrailSpec = { kind: 'keep-out', who: 'pusher', region: zone };
const away: Point = [0.9, 0.9];

interface Given {
  readonly guardrails?: readonly GuardrailSpec[];
  readonly hardGuardrails?: readonly GuardrailSpec[];
  readonly margins?: { pusher: number | readonly number[]; objects: number | readonly number[] };
  readonly radii?: readonly number[];
  readonly stepsLeft?: number;
}

async function violationOf(
  positions: readonly number[],
  { guardrails = [], stepsLeft = 99, ...options }: Given,
): Promise<number> {
  const cost = smallCost({ objective, guardrails, ...options });
  const { violation } = await judge(
    cost,
    { ...here, positions },
    bindingOf(instructionOf(objective, { guardrails }), { stepsLeft }),
  );
  return violation[0]!;
}

describe('keep-out', () => {
  test('is by how much the circle around an entity, and its margin, enters the zone, summed over the steps', async () => {
    const given = { guardrails: [forPusher], margins: { pusher: 0.03, objects: 9 }, radii: [0.04, 9, 9] };
    // 0.15 from the centre, where 0.1 + 0.04 + 0.03 is needed: 0.02 at each of three steps.
    expect(await violationOf(still([[0.65, 0.5], away, away]), given)).toBeCloseTo(0.06, 5);
    expect(await violationOf(still([[0.6701, 0.5], away, away]), given)).toBe(0);
  });

  test('sees a rectangle too', async () => {
    const guardrails: GuardrailSpec[] = [{ kind: 'keep-out', who: 'pusher', region: { x: [0.4, 0.6], y: [0, 1] } }];
    expect(await violationOf(still([[0.55, 0.5], away, away]), { guardrails })).toBeCloseTo(0.15, 5);
    expect(await violationOf(still([[0.61, 0.5], away, away]), { guardrails })).toBe(0);
  });

  test('leaves no way round behind the wall; objects may be foretold to leave, which is another guardrail', async () => {
    const guardrails: GuardrailSpec[] = [{ kind: 'keep-out', who: 'plate', region: { x: [0.4, 0.6], y: [0.9, 1] } }];
    const forBoth: GuardrailSpec[] = [{ ...guardrails[0]!, who: 'pusher' } as GuardrailSpec, ...guardrails];
    const radii = [0.04, 0, 0];
    // At the wall, 0.96: 0.04 from the nearest edge of the zone, and its radius.
    const beyond: Point = [0.5, 1.3];
    expect(await violationOf(still([beyond, away, away]), { guardrails: forBoth, radii })).toBeCloseTo(3 * 0.08, 5);
    expect(await violationOf(still([away, beyond, beyond]), { guardrails: forBoth, radii })).toBe(0);
  });

  test('guards whom it names', async () => {
    const inside: Point = [0.5, 0.5];
    const by = (who: string, points: Point[]) => violationOf(still(points), { guardrails: [{ ...forPusher, who }] });
    expect(await by('pusher', [inside, away, away])).toBeCloseTo(0.3, 5);
    expect(await by('pusher', [away, inside, inside])).toBe(0);
    expect(await by('objects', [inside, away, away])).toBe(0);
    expect(await by('objects', [away, inside, inside])).toBeCloseTo(0.6, 5);
    expect(await by('plate', [away, inside, away])).toBe(0);
    expect(await by('plate', [away, away, inside])).toBeCloseTo(0.3, 5);
  });

  test('leaves the present and the steps after the end out', async () => {
    const path = (xs: readonly number[]) => flat(xs.map((x) => [[x, 0.5], away, away]));
    const given = { guardrails: [forPusher] };
    // From within the zone at once to its border: middle of the way 0.05 deep.
    expect(await violationOf(path([0.5, 0.6, 0.7, 0.8]), given)).toBeCloseTo(0.05, 5);
    expect(await violationOf(path([0.9, 0.8, 0.7, 0.5]), { ...given, stepsLeft: 2 })).toBe(0);
    expect(await violationOf(path([0.9, 0.8, 0.7, 0.5]), { ...given, stepsLeft: 3 })).toBeCloseTo(0.1, 5);
  });

  test('sees a step that leads through the zone and ends outside', async () => {
    const through = flat([0.35, 0.65, 0.65, 0.65].map((x) => [[x, 0.5], away, away]));
    expect(await violationOf(through, { guardrails: [forPusher] })).toBeCloseTo(0.1, 5);
  });

  test('takes a margin for each step ahead, of what is foretold to move', async () => {
    const coming = flat([0.9, 0.8, 0.62, 0.62].map((x) => [[x, 0.5], away, away]));
    const margins = { pusher: [0, 0, 0.025, 0.05], objects: 0 };
    // 0.12 from the centre at steps 2 and 3, where 0.125 and 0.15 are needed.
    expect(await violationOf(coming, { guardrails: [forPusher], margins })).toBeCloseTo(0.035, 5);
    // Where fewer are given, the last goes on.
    const few = { pusher: [0, 0.03], objects: 0 };
    expect(await violationOf(coming, { guardrails: [forPusher], margins: few })).toBeCloseTo(0.02, 5);
  });

  test('asks of what rests no more than the error of seeing', async () => {
    const margins = { pusher: [0.01, 0.05, 0.05, 0.05], objects: 0 };
    expect(await violationOf(still([[0.62, 0.5], away, away]), { guardrails: [forPusher], margins })).toBe(0);
    expect(await violationOf(still([[0.605, 0.5], away, away]), { guardrails: [forPusher], margins })).toBeCloseTo(
      0.015,
      5,
    );
    // Half of 0.02 moved: half of the margin's growth.
    const stirring = flat([0.64, 0.63, 0.63, 0.63].map((x) => [[x, 0.5], away, away]));
    expect(await violationOf(stirring, { guardrails: [forPusher], margins })).toBeCloseTo(0, 5);
    expect(
      await violationOf(flat([0.62, 0.61, 0.61, 0.61].map((x) => [[x, 0.5], away, away])), {
        guardrails: [forPusher],
        margins,
      }),
    ).toBeCloseTo(3 * 0.02, 5);
  });

  test('costs a little near the zone, without being violated', async () => {
    const cost = smallCost({
      objective,
      guardrails: [forPusher],
      margins: { pusher: 0.02, objects: 0 },
      caution: { distance: 0.05, weight: 4 },
    });
    const binding = bindingOf(instructionOf(objective, { guardrails: [forPusher] }));
    const at = async (x: number) => judge(cost, { ...here, positions: still([[x, 0.5], away, away]) }, binding);
    // 0.17 is where the caution ends, 0.12 where the margin does.
    expect(await at(0.671)).toEqual({ cost: [0], violation: [0] });
    const near = await at(0.64);
    expect(near.violation).toEqual([0]);
    expect(near.cost[0]).toBeCloseTo(4 * 3 * 0.03, 5);
    const within = await at(0.61);
    expect(within.violation[0]).toBeCloseTo(3 * 0.01, 5);
    expect(within.cost[0]).toBeCloseTo(4 * 3 * 0.06, 5);
  });

  test('points the way out', async () => {
    const guardrails = [forPusher];
    const cost = smallCost({ objective, guardrails });
    const positions = still([[0.53, 0.54], away, away]);
    const binding = bindingOf(instructionOf(objective, { guardrails }));
    const gradient = await gradientOf(cost, 'positions', 'violation', { ...here, positions }, binding);
    const last = gradient.slice(3 * 6);
    // Outwards along (0.03, 0.04), of unit length, is downhill; the others do not matter.
    expect(last[0]).toBeCloseTo(-0.6, 3);
    expect(last[1]).toBeCloseTo(-0.8, 3);
    expect(last.slice(2)).toEqual([0, 0, 0, 0]);
  });

  test('must name what is in the scene', () => {
    const guardrails: GuardrailSpec[] = [{ ...forPusher, who: 'cpu' }];
    expect(() => smallCost({ objective, guardrails })).toThrow("unknown guarded entity 'cpu'. Did you mean 'cup'?");
  });
});

describe('hard-wired guardrails', () => {
  const positions = flat([0.2, 0.5, 0.5, 0.5].map((x) => [[x, 0.5], [0.5, 0.5], away]));
  const hard: GuardrailSpec[] = [forPusher, { ...forPusher, who: 'objects' }];

  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const region = fc.oneof(
    fc.record({ centre: fc.tuple(unit, unit), radius: fc.double({ min: -1, max: 1, noNaN: true }) }),
    fc.record({ x: fc.tuple(unit, unit), y: fc.tuple(unit, unit) }),
  );
  const weight = fc.constantFrom(-1e6, -1, 0, 1e-6, 1, 1e6);
  const term: fc.Arbitrary<TermSpec> = fc.oneof(
    fc.record({
      term: fc.constant('distance' as const),
      of: fc.constantFrom('a', 'b'),
      to: fc.tuple(unit, unit),
      tolerance: unit,
      weight,
    }),
    fc.record({ term: fc.constant('inside' as const), object: fc.constantFrom('a', 'b'), region, weight }),
    fc.record({ term: fc.constantFrom('effort' as const, 'smoothness' as const), weight }),
  );
  const task = fc.record({
    objective: fc.array(term, { minLength: 1, maxLength: 3 }),
    guardrails: fc.array(
      fc.record({
        kind: fc.constant('keep-out' as const),
        who: fc.constantFrom('pusher', 'objects', 'a', 'b'),
        region,
      }),
      { maxLength: 3 },
    ),
    // Names that might shift what 'pusher' and 'objects' stand for.
    entities: fc.constantFrom(['pusher', 'a', 'b'], ['x', 'a', 'b'], ['a', 'pusher', 'b'], ['objects', 'a', 'b']),
    targets: fc.dictionary(fc.constantFrom('pusher', 'a', 'zone'), fc.tuple(unit, unit)),
    taskId: fc.string(),
    budgetSteps: fc.integer({ min: 1, max: 100 }),
    focus: fc.constantFrom(null, 0, 1, 2),
  });

  test('hold whatever a task says', async () => {
    const alone = await violationOf(positions, { hardGuardrails: hard });
    expect(alone).toBeCloseTo(0.6, 5);
    await fc.assert(
      fc.asyncProperty(task, async ({ focus, entities, ...instruction }) => {
        const cost = smallCost({ ...instruction, entities, hardGuardrails: hard });
        const binding = bindingOf(
          { ...instructionOf(instruction.objective, { ...instruction, entities }), ...instruction },
          { focus },
        );
        const { violation } = await judge(cost, { ...here, positions }, binding);
        expect(violation[0]).toBeGreaterThanOrEqual(alone - 1e-5);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test('hold for an instruction that says there are none', async () => {
    const cost = smallCost({ objective, hardGuardrails: hard });
    const { violation } = await judge(
      cost,
      { ...here, positions },
      bindingOf({ ...instructionOf(objective), guardrails: [] }),
    );
    expect(violation[0]).toBeCloseTo(0.6, 5);
  });

  test('can not be pushed out of the graph by an instruction of another structure', () => {
    const cost = smallCost({ objective, hardGuardrails: hard });
    expect(() => cost.bind(bindingOf(instructionOf(objective, { guardrails: [forPusher] })))).toThrow(
      'compiled for another kind of task',
    );
    expect(Object.keys(cost.inputs)).toContain('zones');
    expect(cost.inputs.clearances).toEqual({ shape: [smallShape.horizon + 1, 3, 2] });
  });
});

describe('fragile', () => {
  const guardrails: GuardrailSpec[] = [{ kind: 'fragile', object: 'cup' }];
  const radii = [0.03, 0.05, 0.06];

  test('keeps pusher and objects a radius and a margin away', async () => {
    const cup: Point = [0.5, 0.5];
    const given = { guardrails, radii, margins: { pusher: 0.01, objects: 0.02 } };
    // The pusher needs 0.03 + 0.05 + 0.01 + 0.02 = 0.11, the plate 0.06 + 0.05 + 0.02 + 0.02 = 0.15.
    expect(await violationOf(still([[0.6, 0.5], cup, away]), given)).toBeCloseTo(3 * 0.01, 5);
    expect(await violationOf(still([away, cup, [0.5, 0.64]]), given)).toBeCloseTo(3 * 0.01, 5);
    expect(await violationOf(still([[0.62, 0.5], cup, [0.5, 0.66]]), given)).toBe(0);
  });

  test('lets others touch each other', async () => {
    expect(await violationOf(still([[0.2, 0.2], away, [0.22, 0.2]]), { guardrails, radii })).toBe(0);
  });

  test('must not be moved, though nothing is seen to touch it', async () => {
    const path = flat([0, 0.01, 0.05, 0.05].map((x) => [[0.1, 0.1], [0.5 + x, 0.5], away]));
    expect(await violationOf(path, { guardrails, radii })).toBeCloseTo(2 * 0.03, 5);
  });

  test('is an object, never the pusher', () => {
    const spec: GuardrailSpec[] = [{ kind: 'fragile', object: 'pusher' }];
    expect(() => smallCost({ objective, guardrails: spec })).toThrow("unknown fragile object 'pusher'");
  });
});

describe('stay-on-table', () => {
  const guardrails: GuardrailSpec[] = [{ kind: 'stay-on-table', who: 'objects', margin: 0.05 }];

  test('keeps centres inside the edge, whatever the size', async () => {
    const inside: Point = [0.5, 0.5];
    const given = { guardrails, radii: [0.1, 0.1, 0.1], margins: { pusher: 0, objects: 0.01 } };
    expect(await violationOf(still([inside, [0.06, 0.94], inside]), given)).toBeCloseTo(0, 5);
    expect(await violationOf(still([inside, [0.04, 0.5], inside]), given)).toBeCloseTo(3 * 0.02, 5);
    expect(await violationOf(still([inside, [0.5, 1.02], inside]), given)).toBeCloseTo(3 * 0.08, 5);
    expect(await violationOf(still([[0, 0], inside, inside]), given)).toBe(0);
  });
});

import { hardLimits } from '../../src/agent/hard-guardrails.ts';
import { createLeeway } from '../../src/agent/leeway.ts';
import type { GuardrailSpec, Point } from '../../src/core/task.ts';
import { compileCost } from '../../src/cost/compile-cost.ts';

const entities = ['pusher', 'cup', 'glass'];
const told = entities.map((name) => ({
  ...{ name, colour: [0, 0, 0] as const },
  shape: name === 'cup' ? ('box' as const) : ('disc' as const),
}));
const radii = [0.03, 0.05, 0.05];
const zone: GuardrailSpec = { kind: 'keep-out', who: 'objects', region: { centre: [0.5, 0.5], radius: 0.1 } };
const fragile: GuardrailSpec = { kind: 'fragile', object: 'glass' };
const look = (...places: readonly Point[]) => places.map((position) => ({ position, heading: null }));

test('a thing may be about as near as it was seen, and no more once it was further away', () => {
  const { note, leeway } = createLeeway();
  expect(leeway(zone, 1)).toBe(Number.POSITIVE_INFINITY);
  note([zone, fragile], told, look([0.9, 0.9], [0.5, 0.35], [0.5, 0.2]), radii);
  expect(leeway(zone, 1)).toBeCloseTo(0.05 - 0.02, 9);
  expect(leeway(fragile, 1)).toBeCloseTo(0.15 - 0.02, 9);
  expect(leeway(fragile, 2)).toBe(Number.POSITIVE_INFINITY);
  note([zone, fragile], told, look([0.9, 0.9], [0.5, 0.3], [0.5, 0.2]), radii);
  note([zone, fragile], told, look([0.9, 0.9], [0.5, 0.38], [0.5, 0.2]), radii);
  expect(leeway(zone, 1)).toBeCloseTo(0.1 - 0.02, 9);
  expect(leeway(fragile, 1)).toBeCloseTo(0.18 - 0.02, 9);
});

test('nobody is given leave to be inside, and discs hardly any', () => {
  const { note, leeway } = createLeeway();
  note([zone], told, look([0.5, 0.37], [0.5, 0.5], [0.5, 0.3]), radii);
  expect(leeway(zone, 0)).toBe(0.03);
  expect(leeway(zone, 1)).toBe(0.025);
  expect(leeway(zone, 2)).toBeCloseTo(0.1 - 0.006, 9);
});

test('what a cost asks is the less of the two, and of the hard-wired guardrails all', () => {
  const hardGuardrails = hardLimits('tabletop').guardrails;
  const objective = [{ term: 'effort', weight: 1 } as const];
  const shape = { entities, horizon: 2, actionSize: 2, latentShape: [3, 4] as const };
  const cost = compileCost({
    ...{ objective, guardrails: [zone], hardGuardrails, ...shape },
    ...{ margins: { pusher: 0.02, objects: 0.03 }, radii },
  });
  const instruction = {
    ...{ taskId: 't', objective, guardrails: [zone], targets: {}, goalFrame: null, budgetSteps: 9 },
    entities: entities.map((name) => ({ name, colour: [0, 0, 0] as const })),
  };
  const asked = (keeper: ReturnType<typeof createLeeway>) => {
    const { clearances } = cost.bind({
      instruction,
      goalLatent: null,
      stepsLeft: 9,
      focus: null,
      leeway: keeper.leeway,
    });
    // Of the cup at the first step: the table's edge, then the zone.
    return [clearances![(3 + 1) * 2]!, clearances![(3 + 1) * 2 + 1]!];
  };
  const keeper = createLeeway();
  const [edge, whole] = asked(keeper) as [number, number];
  expect(whole).toBeCloseTo(0.08, 6);
  keeper.note(instruction.guardrails, told, look([0.9, 0.9], [0.5, 0.35], [0.9, 0.1]), radii);
  expect(asked(keeper)[1]).toBeCloseTo(0.03, 6);
  expect(asked(keeper)[0]).toBe(edge);
  // Beyond the edge of the table, too: nothing that is seen gives the hard-wired set any leeway.
  keeper.note(instruction.guardrails, told, look([1.2, 1.2], [-0.3, 1.4], [2, 2]), radii);
  expect(asked(keeper)[0]).toBe(edge);
});

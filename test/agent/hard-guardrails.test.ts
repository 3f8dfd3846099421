import fc from 'fast-check';
import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import { checkAction, hardLimits, permittedActions } from '../../src/agent/hard-guardrails.ts';
import { createLeeway } from '../../src/agent/leeway.ts';
import { marginsOf } from '../../src/agent/margins.ts';
import type { GuardrailSpec, TermSpec } from '../../src/core/task.ts';
import { compileCost } from '../../src/cost/compile-cost.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

/** Numbers of the kinds that break comparisons, sums and products. */
const nasty = fc.oneof(
  fc.constantFrom(0, -1, 1e-9, -1e9, 1e9, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.double({ noNaN: false }),
);
const guardrail: fc.Arbitrary<GuardrailSpec> = fc.oneof(
  fc.record({ kind: fc.constant('speed' as const), limit: nasty }),
  fc.record({ kind: fc.constant('stay-on-table' as const), who: fc.constantFrom('objects', 'pusher'), margin: nasty }),
  fc.record({
    kind: fc.constant('keep-out' as const),
    who: fc.constantFrom('objects', 'pusher'),
    region: fc.record({ centre: fc.tuple(nasty, nasty), radius: nasty }),
  }),
  fc.record({
    kind: fc.constant('moving-hand' as const),
    hand: fc.constant('hand'),
    distance: nasty,
    slowWithin: nasty,
  }),
);
const world = hardLimits('tabletop').action;

describe('action and speed limits', () => {
  test('no model and no task widens them, and any speed limit narrows them', () => {
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const bounds = fc.tuple(finite, finite);
    fc.assert(
      fc.property(
        bounds,
        bounds,
        fc.option(fc.double({ min: 1e-3, max: 1e6, noNaN: true })),
        fc.array(guardrail),
        fc.tuple(nasty, nasty),
        (low, high, maxNorm, guardrails, wish) => {
          fc.pre(low.every((l, i) => l <= 0 && high[i]! >= 0));
          const action = { low, high, ...(maxNorm === null ? {} : { maxNorm }) };
          const permitted = permittedActions('tabletop', action, guardrails);
          const sent = checkAction(Float32Array.from(wish), permitted);
          for (const [i, value] of sent.entries()) {
            expect(value).toBeGreaterThanOrEqual(world.low[i]!);
            expect(value).toBeLessThanOrEqual(world.high[i]!);
          }
          const length = Math.hypot(...sent);
          for (const each of guardrails)
            if (each.kind === 'speed' && !Number.isNaN(each.limit))
              expect(length).toBeLessThanOrEqual(Math.max(0, each.limit) * (1 + 1e-6));
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  test('what is no number becomes standing still', () => {
    const permitted = permittedActions('tabletop', { low: [-1, -1], high: [1, 1] }, []);
    expect([...checkAction(Float32Array.of(Number.NaN, 1), permitted)]).toEqual([0, 0]);
    expect([...checkAction(Float32Array.of(0.5, -7), permitted)]).toEqual([0.5, -1]);
  });

  test.each(['on', 'off', { penalty: 1 }] as const)(
    'hold with guardrails %p and any planner option',
    async (guardrails) => {
      const environment = createEnvironment(taskById('push-around'));
      const { observation, instruction } = environment.reset({ seed: 1 });
      const agent = await createAgentWithModel(untrainedTabletopModel(), {
        world: 'tabletop',
        guardrails,
        plannerOptions: {
          samples: 8,
          iterations: 2,
          elites: 3,
          horizon: 3,
          std: 50,
          actionSpace: { low: [-9, -9], high: [9, 9], maxNorm: 99, size: 2 },
        },
      });
      const slow = [...instruction.guardrails, { kind: 'speed', limit: 0.25 } as const];
      await agent.begin([{ instruction: { ...instruction, guardrails: slow }, seed: 4 }]);
      for (let step = 0; step < 3; step++) {
        const [decision] = await agent.act([observation]);
        expect(Math.hypot(...decision!.action)).toBeLessThanOrEqual(0.25 + 1e-6);
      }
      await agent.dispose?.();
    },
  );
});

describe('the hard-wired set', () => {
  test('can not be written to', () => {
    const { guardrails, action } = hardLimits('tabletop');
    expect(guardrails.length).toBeGreaterThan(0);
    for (const part of [hardLimits('tabletop').guardrails, ...guardrails, action, action.low, action.high])
      expect(Object.isFrozen(part)).toBe(true);
  });

  /** What the hard-wired set says of one still scene, with an object off the table. */
  const clearancesWith = (
    objective: readonly TermSpec[],
    guardrails: readonly GuardrailSpec[],
    { room = 9, perDisagreement = 0, place = 0 } = {},
  ): Float32Array => {
    const shape = { entities: ['pusher', 'cup'], horizon: 3, actionSize: 2, latentShape: [2, 4] as const };
    const cost = compileCost({
      objective,
      guardrails,
      hardGuardrails: hardLimits('tabletop').guardrails,
      ...shape,
      margins: { pusher: 0.01, objects: 0.02, perDisagreement },
      radii: [0.03, 0.05],
    });
    const instruction = {
      taskId: 't',
      objective,
      guardrails,
      targets: {},
      entities: shape.entities.map((name) => ({ name, colour: [0, 0, 0] as const })),
      goalFrame: null,
      budgetSteps: 10,
    };
    const keeper = createLeeway();
    const seen = shape.entities.map(() => ({ position: [place, place] as const, heading: null }));
    keeper.note(guardrails, instruction.entities, seen, [room, room]);
    const { clearances, sides } = cost.bind({
      ...{ instruction, goalLatent: null, stepsLeft: 9, focus: null, leeway: keeper.leeway },
      via: { place: [place, place], beyond: room },
      hands: [
        { name: 'hand', places: Array.from({ length: 4 }, () => [place, place] as const), doubts: Array(4).fill(room) },
      ],
    });
    // The first zone of each entity and step is the hard-wired one.
    const zones = sides!.length;
    expect(sides![0]).toBe(-1);
    return Float32Array.from({ length: 8 }, (_, i) => clearances![i * zones]!);
  };

  test('asks the same, whatever the objective weighs and the task adds', () => {
    const plain = clearancesWith([{ term: 'effort', weight: 1 }], []);
    expect(Math.max(...plain)).toBeCloseTo(0.02, 6);
    fc.assert(
      fc.property(
        nasty,
        fc.array(guardrail, { maxLength: 4 }),
        fc.record({ room: nasty, perDisagreement: nasty, place: nasty }),
        (weight, guardrails, seen) => {
          expect(clearancesWith([{ term: 'effort', weight }], guardrails, seen)).toEqual(plain);
        },
      ),
      { seed: 2, numRuns: 50 },
    );
  });

  test('keeps a margin, whatever a calibration claims, and never more than closes every way', () => {
    const { config } = untrainedTabletopModel();
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 9 }), (errors) => {
        const calibration = { quantile: 0.9, episodes: 1, pusherError: errors, objectError: errors };
        const margins = marginsOf({ ...config, calibration });
        for (const margin of [margins.pusher, margins.objects]) {
          expect(margin).toBeGreaterThanOrEqual(0.005);
          expect(margin).toBeLessThanOrEqual(0.03);
        }
      }),
      { seed: 3 },
    );
  });
});

import fc from 'fast-check';
import type { Truth } from '../../src/core/contracts.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { GuardrailSpec, SuccessSpec, TaskSpec } from '../../src/core/task.ts';
import { createGuardrailWatch } from '../../src/env/guardrail-watch.ts';
import { angleBetween, judge, passedStages, remainingSuccess } from '../../src/env/predicates.ts';
import { pointOutline } from '../../src/env/regions.ts';
import { resolveTask } from '../../src/env/resolve-task.ts';
import { pushAround } from '../../src/env/tasks/push-around.ts';

const truth: Truth = {
  positions: { pusher: [0.1, 0.1], cup: [0.5, 0.5], plate: [0.5, 0.9] },
  angles: { pusher: 0, cup: 0, plate: 0 },
  targets: { goal: [0.5, 0.53] },
};

const success = (...all: TaskSpec['success']['all']): TaskSpec['success'] => ({ all, when: 'final-step' });

describe('judging success', () => {
  const judged = (...all: TaskSpec['success']['all']) =>
    judge(
      resolveTask({ ...pushAround, objective: [], guardrails: [], success: success(...all) }, truth).success,
      truth,
    );

  it('measures to a target, a point or another entity, and holds up to the tolerance itself', () => {
    expect(judged({ near: ['cup', 'goal'], within: 0.05 })).toEqual({
      holds: true,
      distance: expect.closeTo(0.03, 12),
    });
    expect(judged({ near: ['cup', [0.5, 0.6]], within: 0.05 })).toEqual({
      holds: false,
      distance: expect.closeTo(0.1, 12),
    });
    expect(judged({ near: ['cup', 'plate'], within: 0.4 }).holds).toBe(true);
    expect(judged({ near: ['cup', 'plate'], within: 0.39 }).holds).toBe(false);
  });

  it('measures to the border of a region, nothing inside it, around a target too', () => {
    expect(judged({ inside: ['cup', { x: [0.6, 0.8], y: [0.4, 0.6] }] })).toEqual({
      holds: false,
      distance: expect.closeTo(0.1, 12),
    });
    expect(judged({ inside: ['plate', { x: [0.4, 0.8], y: [0.8, 1] }] })).toEqual({ holds: true, distance: 0 });
    expect(judged({ inside: ['cup', { centre: 'goal', radius: 0.02 }] })).toEqual({
      holds: false,
      distance: expect.closeTo(0.01, 12),
    });
    expect(judged({ inside: ['cup', { centre: 'goal', radius: 0.031 }] }).holds).toBe(true);
  });

  it('wants all predicates, and reports the largest distance', () => {
    const verdict = judged({ near: ['cup', 'goal'], within: 0.05 }, { near: ['plate', 'goal'], within: 0.05 });
    expect(verdict).toEqual({ holds: false, distance: expect.closeTo(0.37, 12) });
  });

  describe('of headings', () => {
    const degrees = Math.PI / 180;
    const scene = (angle: number, at: readonly [number, number] = [0.5, 0.5]): Truth => ({
      positions: { pusher: [0.1, 0.1], block: at },
      angles: { pusher: 0, block: angle },
      targets: { goal: [0.5, 0.53] },
    });
    const told = (turns: number, rest: object = {}) =>
      ({ pose: ['block', 'goal'], angle: 1, within: 0.05, withinAngle: 15 * degrees, turns, ...rest }) as const;
    const judgedAt = (predicate: SuccessSpec['all'][number], truth: Truth) =>
      judge({ all: [predicate], when: 'final-step' }, truth);

    it('wants both place and heading, and measures both as one length', () => {
      expect(judgedAt(told(1), scene(1 + 14.9 * degrees)).holds).toBe(true);
      expect(judgedAt(told(1), scene(1 + 15.1 * degrees)).holds).toBe(false);
      expect(judgedAt(told(1), scene(1 - 14.9 * degrees + 4 * Math.PI)).holds).toBe(true);
      expect(judgedAt(told(1), scene(1, [0.5, 0.59])).holds).toBe(false);
      // 0.03 off, and turned by 60 degrees: 0.2 sin 30.
      expect(judgedAt(told(1), scene(1 + 60 * degrees)).distance).toBeCloseTo(Math.hypot(0.03, 0.1), 12);
      expect(judgedAt(told(1), scene(1 - Math.PI)).distance).toBeCloseTo(Math.hypot(0.03, 0.2), 12);
    });

    it('takes what looks the same for the same', () => {
      expect(judgedAt(told(2), scene(1 + Math.PI)).holds).toBe(true);
      expect(judgedAt(told(2), scene(1 - Math.PI / 2))).toEqual({
        holds: false,
        distance: expect.closeTo(Math.hypot(0.03, 0.1), 12),
      });
    });

    it('can want a heading alone', () => {
      const turned = (turns: number, angle: number) =>
        judgedAt({ angle: ['block', -3], within: 10 * degrees, turns }, scene(angle));
      expect(turned(1, Math.PI).holds).toBe(true);
      expect(turned(1, -3 + 11 * degrees).holds).toBe(false);
      expect(turned(1, 0)).toEqual({ holds: false, distance: expect.closeTo(0.2 * Math.sin(1.5), 12) });
      expect(turned(2, 0).holds).toBe(true);
    });

    it('is the same the other way round, and at most half of what looks the same', () => {
      const angles = fc.double({ min: -20, max: 20, noNaN: true });
      fc.assert(
        fc.property(angles, angles, fc.constantFrom(1, 2), (from, to, turns) => {
          const between = angleBetween(from, to, turns);
          expect(between).toBeCloseTo(angleBetween(to, from, turns), 9);
          expect(between).toBeGreaterThanOrEqual(0);
          expect(between).toBeLessThanOrEqual(Math.PI / turns + 1e-9);
          expect(angleBetween(from, to + (2 * Math.PI) / turns, turns)).toBeCloseTo(between, 9);
        }),
      );
    });
  });

  it('never holds without predicates', () => {
    expect(judged()).toEqual({ holds: false, distance: 0 });
  });

  it('refuses names that are nobody, with the nearest spelling', () => {
    expect(() => judged({ near: ['cupp', 'goal'], within: 1 })).toThrow(/'cupp'.*Did you mean 'cup'/);
    expect(() => judged({ inside: ['cup', { centre: 'gaol', radius: 1 }] })).toThrow(/target 'gaol'.*'goal'/);
    expect(() => judged({ near: ['cup', 'nowhere'], within: 1 })).toThrow(UsageError);
  });
});

describe('resolving a task', () => {
  it('puts numbers in place of names everywhere, and leaves the rest as it is', () => {
    const region = { centre: 'midway', radius: 0.08 } as const;
    const task: TaskSpec = {
      ...pushAround,
      objective: [...pushAround.objective, { term: 'inside', object: 'object', region }],
    };
    const targets = { goal: [0.9, 0.5], midway: [0.7, 0.5] } as const;
    const resolved = resolveTask(task, { targets });
    const expected = { centre: [0.7, 0.5], radius: 0.08 };
    expect(resolved.guardrails.map((each) => each.kind === 'keep-out' && each.region)).toEqual([expected, expected]);
    expect(resolved.objective[0]).toEqual(pushAround.objective[0]);
    expect(resolved.objective[1]).toEqual({ term: 'inside', object: 'object', region: expected });
    expect(resolved.success).toEqual(pushAround.success);
  });

  const block = { name: 'block', shape: 'box' } as const;
  const cup = { name: 'cup', shape: 'disc' } as const;
  const resolve = (task: Partial<TaskSpec>, more: object = {}) =>
    resolveTask(
      { ...pushAround, objective: [], guardrails: [], ...task },
      { targets: { goal: [0.9, 0.5] }, targetAngles: { goal: 0.7 }, objects: [block, cup], ...more },
    );

  it('tells the heading that a target has, and how often the object looks the same', () => {
    const { objective, success: told } = resolve({
      objective: [
        { term: 'pose', of: 'block', to: 'goal', weight: 2 },
        { term: 'pose', of: 'block', to: [0.1, 0.2], angle: 'goal' },
        { term: 'angle', of: 'block', to: 'goal' },
        { term: 'angle', of: 'block', to: 2 },
      ],
      success: success(
        { pose: ['block', 'goal'], within: 0.05, withinAngle: 0.2 },
        { pose: ['block', 'goal'], angle: 3, within: 0.05, withinAngle: 0.2 },
        { angle: ['block', 'goal'], within: 0.3 },
      ),
    });
    expect(objective).toEqual([
      { term: 'pose', of: 'block', to: 'goal', angle: 0.7, turns: 2, weight: 2 },
      { term: 'pose', of: 'block', to: [0.1, 0.2], angle: 0.7, turns: 2 },
      { term: 'angle', of: 'block', to: 0.7, turns: 2 },
      { term: 'angle', of: 'block', to: 2, turns: 2 },
    ]);
    expect(told.all).toEqual([
      { pose: ['block', 'goal'], angle: 0.7, turns: 2, within: 0.05, withinAngle: 0.2 },
      { pose: ['block', 'goal'], angle: 3, turns: 2, within: 0.05, withinAngle: 0.2 },
      { angle: ['block', 0.7], turns: 2, within: 0.3 },
    ]);
  });

  it('makes of several objects in one region one term and one predicate each', () => {
    const region = { x: [0, 1], y: [0.7, 1] } as const;
    for (const who of ['objects', ['block', 'cup']] as const) {
      const { objective, success: told } = resolve({
        objective: [{ term: 'inside', object: who, region, weight: 3 }],
        success: success({ inside: [who, region] }),
      });
      expect(objective).toEqual(['block', 'cup'].map((object) => ({ term: 'inside', object, region, weight: 3 })));
      expect(told.all).toEqual([{ inside: ['block', region] }, { inside: ['cup', region] }]);
    }
    // Where an episode has fewer objects, all are those that are there.
    const { success: fewer } = resolve({ success: success({ inside: ['objects', region] }) }, { objects: [cup] });
    expect(fewer.all).toEqual([{ inside: ['cup', region] }]);
  });

  it('refuses headings of round things, of nobody and of plain points', () => {
    const turn = (of: string, to: number | string) => () => resolve({ objective: [{ term: 'angle', of, to }] });
    expect(turn('cup', 1)).toThrow("'cup' is a disc, which looks the same however it is turned");
    expect(turn('pusher', 1)).toThrow("unknown object with a heading 'pusher'");
    expect(turn('blok', 1)).toThrow("Did you mean 'block'?");
    expect(turn('block', 'gaol')).toThrow("unknown target with an angle 'gaol'. Did you mean 'goal'?");
    expect(() => resolve({ objective: [{ term: 'pose', of: 'block', to: [0, 0] }] })).toThrow(
      "the pose of 'block' needs an angle beside its coordinates",
    );
  });
});

describe('watching guardrails', () => {
  const zone = { centre: [0.5, 0.5], radius: 0.1 } as const;
  const bodies = [
    { name: 'pusher', outline: { parts: [], radius: 0.03 } },
    { name: 'cup', outline: { parts: [[-0.1, -0.02, 0.1, -0.02, 0.1, 0.02, -0.1, 0.02]], radius: null } },
    { name: 'bead', outline: pointOutline },
  ];
  const watching = (...guardrails: GuardrailSpec[]) => createGuardrailWatch(guardrails, bodies);
  const away = [0.1, 0.1, 0];
  const brokenBy = (who: string, ...poses: number[][]): readonly string[] => {
    const watch = watching({ kind: 'keep-out', who, region: zone });
    watch.look(poses.flat(), 3);
    return watch.take().violations;
  };

  it('counts any part of a body, by its true outline and heading', () => {
    // The pusher's rim is inside before its centre is; touching is not inside.
    expect(brokenBy('pusher', [0.63 - 1e-9, 0.5, 0], away, away)).toEqual(['keep-out']);
    expect(brokenBy('pusher', [0.63 + 1e-9, 0.5, 0], away, away)).toEqual([]);
    // A bar at 0.18 to the right reaches in when it lies, not when it stands.
    expect(brokenBy('cup', away, [0.68, 0.5, 0], away)).toEqual(['keep-out']);
    expect(brokenBy('cup', away, [0.68, 0.5, Math.PI / 2], away)).toEqual([]);
    expect(brokenBy('bead', away, away, [0.59, 0.5, 0])).toEqual(['keep-out']);
  });

  it('tells apart whom a guardrail speaks of', () => {
    const inside = [0.5, 0.5, 0];
    expect(brokenBy('objects', inside, away, away)).toEqual([]);
    expect(brokenBy('objects', away, away, inside)).toEqual(['keep-out']);
    expect(brokenBy('pusher', away, inside, inside)).toEqual([]);
    expect(brokenBy('bead', away, inside, away)).toEqual([]);
  });

  it('remembers what was broken between two questions, then forgets it', () => {
    const watch = watching({ kind: 'keep-out', who: 'pusher', region: zone });
    watch.look([...away, ...away, ...away], 3);
    watch.look([0.5, 0.5, 0, ...away, ...away], 3);
    watch.look([...away, ...away, ...away], 3);
    expect(watch.take().violations).toEqual(['keep-out']);
    expect(watch.take().violations).toEqual([]);
  });

  it('refuses a guardrail about nobody', () => {
    expect(() => watching({ kind: 'keep-out', who: 'cub', region: zone })).toThrow(/'cub'.*'cup'/);
  });
});

describe('success in stages', () => {
  const at = (x: number): Truth => ({ ...truth, positions: { ...truth.positions, pusher: [x, 0.1] } });
  const near = (x: number) => ({ near: ['pusher', [x, 0.1]], within: 0.05 }) as const;
  const staged: SuccessSpec = { after: [[near(0.3)], [near(0.6)]], all: [near(0.9)], when: 'first-hit' };

  /** How many stages have passed after each place in turn. */
  const walk = (...places: readonly number[]) => {
    let passed = 0;
    return places.map((x) => {
      passed = passedStages(staged, at(x), passed);
      return passed;
    });
  };

  it('counts them in their order, each once', () => {
    expect(walk(0.1, 0.3, 0.1, 0.6, 0.9)).toEqual([0, 1, 1, 2, 2]);
    expect(walk(0.6, 0.9, 0.3, 0.9, 0.6)).toEqual([0, 0, 1, 1, 2]);
  });

  it('measures what still has to hold, and holds when nothing has', () => {
    expect(judge(remainingSuccess(staged, 0), at(0.9))).toEqual({ holds: false, distance: expect.closeTo(0.6, 12) });
    expect(judge(remainingSuccess(staged, 1), at(0.9))).toEqual({ holds: false, distance: expect.closeTo(0.3, 12) });
    expect(judge(remainingSuccess(staged, 2), at(0.9))).toEqual({ holds: true, distance: 0 });
  });
});

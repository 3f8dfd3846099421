import fc from 'fast-check';
import type { Look } from '../../src/agent/observer.ts';
import { situationOf } from '../../src/agent/situation.ts';
import type { Instruction } from '../../src/core/contracts.ts';
import type { GuardrailSpec, Point, TermSpec } from '../../src/core/task.ts';
import { encodeHeading } from '../../src/cost/heading.ts';
import { alignPoints, centred } from '../../src/memory/align.ts';
import { latentSize, placeSize } from '../../src/world-model/config.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const { config } = untrainedTabletopModel();
const size = latentSize(config);

interface Scene {
  readonly pusher: Point;
  readonly objects: readonly Point[];
  readonly goal: Point;
  readonly headings?: readonly number[];
}

const scene: Scene = {
  pusher: [0.2, 0.3],
  objects: [
    [0.4, 0.5],
    [0.8, 0.1],
  ],
  goal: [0.6, 0.7],
};

const distance: TermSpec = { term: 'distance', of: 'cup', to: 'goal' };

function situation(
  { pusher, objects, goal, headings }: Scene,
  objective: readonly TermSpec[],
  { focus = 1, guardrails = [] }: { focus?: number | null; guardrails?: readonly GuardrailSpec[] } = {},
) {
  const positions = [pusher, ...objects];
  const instruction: Instruction = {
    taskId: 'test',
    objective,
    guardrails,
    targets: { goal },
    entities: ['pusher', 'cup', 'plate'].map((name) => ({ name, colour: [0, 0, 0] })),
    goalFrame: null,
    budgetSteps: 10,
  };
  const look: Look = {
    instruction,
    latent: Float32Array.from({ length: positions.length * size }, (_, i) => i),
    seen: positions.map((position, i) => ({
      position,
      heading: headings === undefined || i === 0 ? null : encodeHeading(headings[i - 1]!),
    })),
    slots: [],
    radii: positions.map(() => 0.05),
    goal: null,
    focus,
  };
  return situationOf(config, instruction, look);
}

const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(1e6 * value) / 1e6);

test('is about the pusher, the thing gone for and its goal, and not about the other things', () => {
  const now = situation(scene, [distance, { ...distance, of: 'plate' }]);
  expect(now!.kind).toBe('object: distance; 0 in the way');
  expect(rounded(now!.points)).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  // What the cup looks like: its latent less its place.
  expect([...now!.key]).toEqual(Array.from({ length: size - placeSize }, (_, i) => size + placeSize + i));
});

test('a region counts by its middle, as a goal and as an obstacle; equal obstacles count once', () => {
  const region = { x: [0.8, 1], y: [0, 0.4] } as const;
  const zone = { kind: 'keep-out', region: { centre: [0.5, 0.6], radius: 0.1 } } as const;
  const now = situation(scene, [{ term: 'inside', object: 'cup', region }], {
    guardrails: [
      { ...zone, who: 'pusher' },
      { ...zone, who: 'objects' },
      { kind: 'fragile', object: 'plate' },
      { kind: 'speed', limit: 0.5 },
    ],
  });
  expect(now!.kind).toBe('object: inside; 2 in the way');
  expect(rounded(now!.points)).toEqual([0.2, 0.3, 0.4, 0.5, 0.9, 0.2, 0.5, 0.6, 0.8, 0.1]);
});

test('the pusher can be what is gone for', () => {
  const now = situation(scene, [{ ...distance, of: 'pusher' }], { focus: null });
  expect(now!.kind).toBe('pusher: distance; 0 in the way');
  expect(rounded(now!.points)).toEqual([0.2, 0.3, 0.6, 0.7]);
  expect(now!.key).toHaveLength(0);
});

test('where nothing is left to do there is no situation', () => {
  expect(situation(scene, [distance], { focus: null })).toBeNull();
  expect(situation(scene, [{ term: 'effort', weight: 1 }], { focus: null })).toBeNull();
});

test('headings are arms: the one it has, nearest to the one it should have, and that', () => {
  const pose: TermSpec = { term: 'pose', of: 'cup', to: 'goal', angle: 0, turns: 2 };
  // Half a turn away looks the same.
  for (const heading of [Math.PI / 2 - 0.01, Math.PI / 2 - 0.01 - Math.PI, 0]) {
    const now = situation({ ...scene, headings: [heading, 0] }, [pose]);
    const [x, y] = heading === 0 ? [0.1, 0] : [0.1 * Math.sin(0.01), 0.1 * Math.cos(0.01)];
    expect(rounded(now!.points)).toEqual(rounded([0.2, 0.3, 0.4, 0.5, 0.4 + x, 0.5 + y, 0.6, 0.7, 0.7, 0.7]));
  }
  const turn = situation({ ...scene, headings: [0, 0] }, [{ term: 'angle', of: 'cup', to: Math.PI, turns: 1 }]);
  expect(rounded(turn!.points)).toEqual([0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.3, 0.5]);
});

test('the same scene, moved and turned as a whole, is the same situation', () => {
  const turn = fc.double({ min: -3, max: 3, noNaN: true });
  const shift = fc.double({ min: -0.2, max: 0.2, noNaN: true });
  fc.assert(
    fc.property(turn, shift, shift, (angle, dx, dy) => {
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const move = ([x, y]: Point): Point => [cosine * x - sine * y + dx, sine * x + cosine * y + dy];
      const { pusher, objects, goal } = scene;
      const before = situation({ ...scene, headings: [0.4, 0] }, [
        { term: 'pose', of: 'cup', to: 'goal', angle: 1, turns: 1 },
      ])!;
      const after = situation(
        { pusher: move(pusher), objects: objects.map(move), goal: move(goal), headings: [0.4 + angle, 0] },
        [{ term: 'pose', of: 'cup', to: 'goal', angle: 1 + angle, turns: 1 }],
      )!;
      expect(after.kind).toBe(before.kind);
      const { map, residual } = alignPoints(centred(before.points), centred(after.points));
      expect(residual).toBeLessThan(1e-8);
      for (const [i, value] of [cosine, -sine, sine, cosine].entries()) expect(map[i]).toBeCloseTo(value, 4);
    }),
  );
});

import type { Point, TermSpec } from '../../src/core/task.ts';
import { focusObject } from '../../src/cost/focus.ts';
import { encodeHeading } from '../../src/cost/heading.ts';
import { instructionOf, smallShape } from './imagined.ts';

const objective: TermSpec[] = [
  { term: 'distance', of: 'pusher', to: [0, 0] },
  { term: 'distance', of: 'cup', to: 'goal', tolerance: 0.02 },
  { term: 'inside', object: 'plate', region: { x: [0.6, 1], y: [0, 1] } },
  { term: 'effort', weight: 1 },
];
const instruction = instructionOf(objective, { targets: { goal: [0.2, 0.2] } });

const at = (...points: Point[]) => points.map((position) => ({ position, heading: null }));

function focus(pusher: Point, cup: Point, plate: Point, previous: number | null = null): number | null {
  return focusObject({ instruction, shape: smallShape, seen: at(pusher, cup, plate), previous });
}

test('goes for the nearest object that is not done', () => {
  expect(focus([0.5, 0.5], [0.5, 0.6], [0.4, 0.2])).toBe(1);
  expect(focus([0.5, 0.5], [0.5, 0.9], [0.4, 0.4])).toBe(2);
});

test('holds on to it while another comes nearer, until it is done', () => {
  expect(focus([0.5, 0.5], [0.5, 0.9], [0.4, 0.4], 1)).toBe(1);
  expect(focus([0.5, 0.5], [0.2, 0.22], [0.4, 0.4], 1)).toBe(2);
});

test('counts an object as done where its terms cost nothing, but for a little slack', () => {
  expect(focus([0.5, 0.5], [0.2, 0.229], [0.7, 0.5])).toBeNull();
  expect(focus([0.5, 0.5], [0.2, 0.231], [0.7, 0.5])).toBe(1);
  // The inside term costs up to 0.02 within the region.
  expect(focus([0.5, 0.5], [0.2, 0.2], [0.611, 0.5])).toBeNull();
  expect(focus([0.5, 0.5], [0.2, 0.2], [0.609, 0.5])).toBe(2);
});

test('takes an object back up when it has moved away', () => {
  expect(focus([0.5, 0.5], [0.3, 0.3], [0.7, 0.5], 2)).toBe(1);
});

test('an object whose heading is wrong is not done, where that is seen', () => {
  const turned: TermSpec[] = [
    { term: 'pose', of: 'cup', to: [0.2, 0.2], angle: 0, turns: 1 },
    { term: 'angle', of: 'plate', to: 1, turns: 2 },
  ];
  const look = (cup: number, plate: number) =>
    focusObject({
      instruction: instructionOf(turned),
      shape: smallShape,
      seen: [
        { position: [0.9, 0.9], heading: null },
        { position: [0.2, 0.2], heading: encodeHeading(cup) },
        { position: [0.8, 0.8], heading: encodeHeading(plate) },
      ],
      previous: null,
    });
  expect(look(0.1, 1.1)).toBeNull();
  // Half a turn looks the same on a plate that is told to.
  expect(look(0.1, 1 - Math.PI)).toBeNull();
  expect(look(Math.PI, 1)).toBe(1);
  expect(look(0, 2)).toBe(2);
  expect(look(Math.PI, 2)).toBe(2);
});

test('is about no object where the objective is not', () => {
  const alone = instructionOf([{ term: 'distance', of: 'pusher', to: [0, 0] }]);
  const seen = at([0.5, 0.5], [0, 0], [1, 1]);
  expect(focusObject({ instruction: alone, shape: smallShape, seen, previous: null })).toBeNull();
});

import type { Point, TermSpec } from '../../src/core/task.ts';
import { focusObject } from '../../src/cost/focus.ts';
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

test('is about no object where the objective is not', () => {
  const alone = instructionOf([{ term: 'distance', of: 'pusher', to: [0, 0] }]);
  const seen = at([0.5, 0.5], [0, 0], [1, 1]);
  expect(focusObject({ instruction: alone, shape: smallShape, seen, previous: null })).toBeNull();
});

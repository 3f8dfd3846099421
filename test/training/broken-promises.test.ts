import { fieldSize } from '../../src/env/two-rooms/field.ts';
import { brokenPromises } from '../../src/training/broken-promises.ts';
import { emptyTrajectories } from '../../src/training/two-rooms-windows.ts';

const blocks = 6;
const blockLength = 2;

/** Plans that lead along y = 10 px, and are imagined to until block `parts` of each; from there on 12 px aside. */
function plansThatPartAt(parts: readonly (number | null)[]) {
  const plans = emptyTrajectories(parts.length, blocks * blockLength + 1);
  for (let i = 0; i < plans.positions.length / 2; i++) plans.positions.set([i % plans.frames, 10], 2 * i);
  const imagined = parts.map((parting) =>
    Array.from({ length: blocks + 1 }, (_, block) => {
      const y = parting !== null && block >= parting ? 22 : 10;
      return [[(block * blockLength) / fieldSize, y / fieldSize] as const];
    }),
  );
  return { plans, imagined };
}

const windowsOf = (parts: readonly (number | null)[], span: number) => {
  const { plans, imagined } = plansThatPartAt(parts);
  const windows = [...brokenPromises(plans, imagined, blockLength, span)];
  return Array.from({ length: windows.length / 2 }, (_, i) => windows.slice(2 * i, 2 * i + 2));
};

test('windows hold the block in which a plan parts from what was imagined, and lie within the plan', () => {
  expect(windowsOf([null, 3], 2)).toEqual([
    [1, 1],
    [1, 2],
  ]);
  expect(windowsOf([1], 2)).toEqual([[0, 0]]);
  // At the end of the last block: the last two windows of three blocks would end beyond it.
  expect(windowsOf([6], 3)).toEqual([[0, 3]]);
  expect(windowsOf([4], blocks)).toEqual([[0, 0]]);
});

test('a kept promise gives none; nor does a dot that is not seen to be where it is', () => {
  expect(windowsOf([null, null], 2)).toEqual([]);
  // Apart from the first frame on: no block of the plan is at fault.
  expect(windowsOf([0], 2)).toEqual([]);
});

test('a slip that is small beside the room is no broken promise', () => {
  const { plans, imagined } = plansThatPartAt([2]);
  const near = imagined.map((places) => places.map(([dot]) => [[dot![0], 18 / fieldSize] as const]));
  expect(brokenPromises(plans, near, blockLength, 2)).toHaveLength(0);
});

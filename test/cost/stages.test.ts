import { UsageError } from '../../src/core/errors.ts';
import type { Point, TermSpec } from '../../src/core/task.ts';
import { createStages } from '../../src/cost/stages.ts';
import { instructionOf, smallShape } from './imagined.ts';

const to = (of: string, x: number): TermSpec => ({ term: 'distance', of, to: [x, 0.5], tolerance: 0.02 });
const seenAt = (pusher: number, cup = 0) =>
  [pusher, cup, 0].map((x) => ({ position: [x, 0.5] as Point, heading: null }));
const last = [to('pusher', 0.9)];

const stagesOf = (...stages: readonly (readonly TermSpec[])[]) =>
  createStages({ instruction: { ...instructionOf(last), stages }, shape: smallShape });

test('an instruction without stages is its own and only one', () => {
  const instruction = instructionOf(last);
  const stages = createStages({ instruction, shape: smallShape });
  expect(stages.present(seenAt(0.1))).toEqual(instruction);
  expect(stages.present(seenAt(0.1))).toBe(stages.present(seenAt(0.9)));
});

test('one objective after the other, each left for good once it is done as seen', () => {
  const first = [to('pusher', 0.3)];
  const second = [to('pusher', 0.6)];
  const stages = stagesOf(first, second);
  const objectiveAt = (x: number) => stages.present(seenAt(x)).objective;
  expect(objectiveAt(0.1)).toBe(first);
  // Neither a later way-point nor the goal counts before its turn.
  expect(objectiveAt(0.6)).toBe(first);
  expect(objectiveAt(0.9)).toBe(first);
  expect(objectiveAt(0.331)).toBe(first);
  // Tolerance 0.02 and a probe's error of 0.01.
  expect(objectiveAt(0.329)).toBe(second);
  expect(objectiveAt(0.1)).toBe(second);
  expect(objectiveAt(0.6)).toBe(last);
  expect(objectiveAt(0.3)).toBe(last);
  expect(stages.present(seenAt(0.3)).stages).toBeUndefined();
});

test('a stage is done when all of its terms are, those aside that are about nothing in particular', () => {
  const both = [to('pusher', 0.3), to('cup', 0.4), { term: 'effort', weight: 1 } as const];
  const stages = stagesOf(both);
  expect(stages.present(seenAt(0.3, 0.2)).objective).toBe(both);
  expect(stages.present(seenAt(0.2, 0.4)).objective).toBe(both);
  expect(stages.present(seenAt(0.3, 0.4)).objective).toBe(last);
});

test('several stages that are done at once are left at once', () => {
  expect(stagesOf([to('pusher', 0.3)], [to('cup', 0.5)]).present(seenAt(0.3, 0.5)).objective).toBe(last);
});

test('names what a stage speaks of and the scene does not have', () => {
  expect(() => stagesOf([to('mug', 0.3)])).toThrow(UsageError);
});

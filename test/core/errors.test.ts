import { describeError, nearestSpelling, RunError, UsageError, unknownName } from '../../src/core/errors.ts';

const planners = ['cem', 'icem', 'mppi', 'gradient', 'random-shooting'];

test.each([
  ['random-shoting', 'random-shooting'],
  ['gradeint', 'gradient'],
  ['icm', 'icem'],
  ['cem', 'cem'],
])('%s is near %s', (word, expected) => {
  expect(nearestSpelling(word, planners)).toBe(expected);
});

test('nothing is suggested where nothing is near', () => {
  expect(nearestSpelling('simulated-annealing', planners)).toBeUndefined();
  expect(nearestSpelling('cem', [])).toBeUndefined();
});

test('an unknown name is answered with the known ones and the nearest', () => {
  const error = unknownName('planner', 'cemm', planners);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toBe(
    "unknown planner 'cemm'. Did you mean 'cem'? Known: cem, icem, mppi, gradient, random-shooting.",
  );
  expect(unknownName('planner', 'annealing', planners).message).toBe(
    "unknown planner 'annealing'. Known: cem, icem, mppi, gradient, random-shooting.",
  );
});

test('errors say their kind, and are told apart', () => {
  expect(new UsageError('x').name).toBe('UsageError');
  expect(new RunError('x').name).toBe('RunError');
  expect(new UsageError('x')).toBeInstanceOf(Error);
  expect(new UsageError('x')).not.toBeInstanceOf(RunError);
});

test('anything thrown becomes a line', () => {
  expect(describeError(new RunError('no device'))).toBe('no device');
  expect(describeError('plain')).toBe('plain');
  expect(describeError(undefined)).toBe('undefined');
});

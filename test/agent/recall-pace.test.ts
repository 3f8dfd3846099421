import { createRecallPace } from '../../src/agent/recall-pace.ts';

/** In which of so many decisions memory was asked, where each recall is judged by `useful`; null: nothing was found. */
function askedIn(decisions: number, useful: (decision: number) => boolean | null): number[] {
  const pace = createRecallPace();
  return Array.from({ length: decisions }, (_, decision) => decision).filter((decision) => {
    if (!pace.due()) return false;
    const verdict = useful(decision);
    if (verdict !== null) pace.note(verdict);
    return true;
  });
}

const all = Array.from({ length: 30 }, (_, i) => i);

test('every decision while it is of use, or finds nothing', () => {
  expect(askedIn(30, () => true)).toEqual(all);
  expect(askedIn(30, () => null)).toEqual(all);
});

test('ever more seldom while it is of no use: three of thirty decisions', () => {
  expect(askedIn(60, () => false)).toEqual([0, 4, 20, 36, 52]);
});

test('use brings it back step by step, so that one lucky find does not', () => {
  expect(askedIn(40, (decision) => decision >= 20)).toEqual([0, 4, 20, 28, 32, 34, 35, 36, 37, 38, 39]);
  expect(askedIn(60, (decision) => decision === 4)).toEqual([0, 4, 6, 14, 30, 46]);
});

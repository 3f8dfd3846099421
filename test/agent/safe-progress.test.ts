import { createSafeProgress, type SearchOutcome } from '../../src/agent/safe-progress.ts';

const said = (outcomes: readonly SearchOutcome[]): boolean[] => {
  const progress = createSafeProgress();
  return outcomes.map((outcome) => progress.note(outcome));
};
const times = (count: number, outcome: SearchOutcome): SearchOutcome[] => Array.from({ length: count }, () => outcome);
const blocked: SearchOutcome = { still: 1, chosen: 1, cheapest: 0.5 };

test('says so after ten decisions without progress that guardrails forbid, and not before', () => {
  expect(said(times(12, blocked))).toEqual([...times(9, blocked).map(() => false), true, true, true]);
});

test('does not while things come nearer to done', () => {
  const slow = Array.from({ length: 40 }, (_, i) => ({ still: 0.94 ** i, chosen: 0.94 ** i, cheapest: 0 }));
  expect(said(slow)).not.toContain(true);
});

test('takes it back once they do', () => {
  expect(said([...times(12, blocked), { still: 0.9, chosen: 0.8, cheapest: 0.5 }]).slice(-2)).toEqual([true, false]);
});

test('does not blame guardrails for what a search fails at by itself, or where all is done', () => {
  expect(said(times(20, { still: 1, chosen: 0.95, cheapest: 0.94 }))).not.toContain(true);
  expect(said(times(20, { still: 0, chosen: 0, cheapest: 0 }))).not.toContain(true);
});

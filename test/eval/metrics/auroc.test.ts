import fc from 'fast-check';
import { createRng } from '../../../src/core/rng.ts';
import { auroc, aurocInterval, type Scored } from '../../../src/eval/metrics/auroc.ts';

const scored = fc.array(fc.record({ score: fc.integer({ min: 0, max: 6 }), came: fc.boolean() }), { maxLength: 30 });

test('is the share of pairs in which what came scored higher, ties as halves', () => {
  fc.assert(
    fc.property(scored, (moments) => {
      const came = moments.filter((each) => each.came);
      const others = moments.filter((each) => !each.came);
      if (came.length === 0 || others.length === 0) return expect(auroc(moments)).toBeNull();
      const wins = came.flatMap((a) => others.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
      expect(auroc(moments)).toBeCloseTo(wins.reduce((sum: number, win) => sum + win, 0) / wins.length, 10);
    }),
  );
});

test('its interval holds it, resamples whole episodes, and is none where nothing ever came', () => {
  const rng = createRng(1, 'episodes');
  const episodes = Array.from({ length: 40 }, (_, i): Scored[] =>
    Array.from({ length: 5 }, () => ({ score: rng.normal() + (i % 2), came: i % 2 === 1 })),
  );
  const [low, high] = aurocInterval(episodes, { rng: createRng(2, 'bootstrap') })!;
  const value = auroc(episodes.flat())!;
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
  expect(high - low).toBeGreaterThan(0.02);
  const never = episodes.map((steps) => steps.map(({ score }) => ({ score, came: false })));
  expect(aurocInterval(never, { rng: createRng(2, 'bootstrap'), resamples: 5 })).toBeNull();
});

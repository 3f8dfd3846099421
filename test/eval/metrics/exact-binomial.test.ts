import fc from 'fast-check';
import { binomialUpperTail, exact95 } from '../../../src/eval/metrics/exact-binomial.ts';

describe('exact95', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='exact'), SciPy 1.17
  it.each([
    [0, 300, 0, 0.012220974694296421],
    [190, 200, 0.9099724622984412, 0.9757658345278917],
    [183, 192, 0.9128841812046543, 0.9783447193238117],
    [1, 1, 0.025, 1],
    [0, 1, 0, 0.975],
    [5, 10, 0.1870860284474045, 0.8129139715525955],
    [300, 300, 0.9877790253057036, 1],
    [7, 1000, 0.0028188587596180135, 0.014369194979269567],
  ])('%i of %i is in [%f, %f]', (successes, trials, low, high) => {
    const interval = exact95(successes, trials);
    expect(interval[0]).toBeCloseTo(low, 10);
    expect(interval[1]).toBeCloseTo(high, 10);
  });

  it('of none is bounded by 1 - 0.025^(1/n)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (trials) => {
        expect(exact95(0, trials)[1]).toBeCloseTo(1 - 0.025 ** (1 / trials), 10);
      }),
      { numRuns: 20 },
    );
  });

  it('covers at least 95 % at every share', () => {
    const trials = 20;
    const intervals = Array.from({ length: trials + 1 }, (_, k) => exact95(k, trials));
    for (let share = 0.01; share < 1; share += 0.0137) {
      const covered = intervals.reduce((sum, [low, high], k) => {
        const next = k === trials ? 0 : binomialUpperTail(k + 1, trials, share);
        return low <= share && share <= high ? sum + binomialUpperTail(k, trials, share) - next : sum;
      }, 0);
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });
});

describe('binomialUpperTail', () => {
  // scipy.stats.binom.sf(k - 1, n, p), SciPy 1.17
  it.each([
    [7, 20, 0.3, 0.3919901877990756],
    [1, 1000, 1e-3, 0.6323045752290359],
    [1000, 100_000, 0.0095, 0.05420573552324299],
  ])('P(X >= %i | n = %i, p = %f) = %f', (successes, trials, p, expected) => {
    expect(binomialUpperTail(successes, trials, p) / expected).toBeCloseTo(1, 9);
  });

  it('is certain from 0 up, and impossible or certain at the ends of p', () => {
    expect(binomialUpperTail(0, 10, 0.4)).toBe(1);
    expect(binomialUpperTail(3, 10, 0)).toBe(0);
    expect(binomialUpperTail(3, 10, 1)).toBe(1);
  });
});

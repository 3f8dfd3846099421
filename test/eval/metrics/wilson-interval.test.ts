import fc from 'fast-check';
import { wilson95 } from '../../../src/eval/metrics/wilson-interval.ts';

describe('wilson95', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson'), SciPy 1.17
  it.each([
    [0, 300, 0, 0.012642971224546036],
    [190, 200, 0.910421851861224, 0.9726173543992361],
    [183, 192, 0.9133280073164382, 0.975145766560566],
    [1, 1, 0.20654931437723745, 1],
    [0, 1, 0, 0.7934506856227626],
    [5, 10, 0.236593090512564, 0.7634069094874361],
    [300, 300, 0.9873570287754541, 1],
    [7, 1000, 0.0033948684009907646, 0.014378315465766588],
  ])('%i of %i is in [%f, %f]', (successes, trials, low, high) => {
    const interval = wilson95(successes, trials);
    expect(interval[0]).toBeCloseTo(low, 14);
    expect(interval[1]).toBeCloseTo(high, 14);
  });

  it('holds the share, stays within [0, 1], and mirrors', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (successes, failures) => {
        fc.pre(successes + failures > 0);
        const trials = successes + failures;
        const [low, high] = wilson95(successes, trials);
        const [mirroredLow, mirroredHigh] = wilson95(failures, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(mirroredLow).toBeCloseTo(1 - high, 12);
        expect(mirroredHigh).toBeCloseTo(1 - low, 12);
      }),
    );
  });

  it('knows nothing from no trials', () => {
    expect(wilson95(0, 0)).toEqual([0, 1]);
  });

  it.each([
    [3, 2],
    [-1, 2],
    [0.5, 2],
  ])('refuses %f of %f', (successes, trials) => {
    expect(() => wilson95(successes, trials)).toThrow('is not a count of successes among trials');
  });
});

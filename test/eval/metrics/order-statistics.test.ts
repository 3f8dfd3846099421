import fc from 'fast-check';
import { interquartileMean, median, percentile } from '../../../src/eval/metrics/order-statistics.ts';

const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];

describe('percentile', () => {
  // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], q)
  it.each([
    [0, 1],
    [5, 1],
    [25, 2.25],
    [50, 3.5],
    [95, 7.65],
    [100, 9],
  ])('%i: %f', (percent, expected) => {
    expect(percentile(values, percent)).toBeCloseTo(expected, 12);
  });

  it('does not depend on the order of values, and leaves them as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (list) => {
        const before = [...list];
        expect(median(list)).toBe(median([...list].reverse()));
        expect(list).toEqual(before);
      }),
    );
  });

  it('refuses what has no order', () => {
    expect(() => median([])).toThrow('an empty list');
    expect(() => median([1, Number.NaN])).toThrow('NaN');
    expect(() => percentile([1], 101)).toThrow('101 is not a percentage');
  });
});

describe('interquartileMean', () => {
  // scipy.stats.trim_mean(x, 0.25)
  it.each([
    [values, 3.6666666666666665],
    [[1, 2, 3, 4, 100], 3],
    [[3, 1, 4, 1], 2],
    [[0.9, 0.7, 0.95], 0.85],
  ])('of %j is %f', (list, expected) => {
    expect(interquartileMean(list)).toBeCloseTo(expected, 12);
  });
});

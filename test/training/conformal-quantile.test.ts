import fc from 'fast-check';
import { conformalQuantile } from '../../src/training/conformal-quantile.ts';

const quantiles = fc.double({ min: 0.05, max: 0.95, noNaN: true });

test('covers each of n + 1 exchangeable errors, by the n others, in the promised share of cases and hardly more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 21, max: 60 }), quantiles, (count, quantile) => {
      const errors = Array.from({ length: count }, (_, i) => (i * 7919) % 10007);
      const covered = errors.filter((error, left) => {
        const others = errors.filter((_, i) => i !== left);
        return error <= conformalQuantile(others, quantile);
      });
      const share = covered.length / count;
      expect(share).toBeGreaterThanOrEqual(quantile - 1e-9);
      expect(share).toBeLessThan(quantile + 1 / count + 1e-9);
    }),
    { seed: 1 },
  );
});

test('is the rank that the finite sample asks for, not the one of the sample itself', () => {
  const errors = Array.from({ length: 19 }, (_, i) => i + 1);
  // ceil(20 x 0.9) = 18, where the plain quantile of 19 is the 17.1th.
  expect(conformalQuantile(errors, 0.9)).toBe(18);
  expect(conformalQuantile([...errors].reverse(), 0.95)).toBe(19);
});

test('refuses to promise what so few errors cannot hold', () => {
  expect(() => conformalQuantile([1, 2, 3], 0.9)).toThrow(
    '3 errors are too few for their 0.9 quantile: it takes at least 9',
  );
  expect(
    conformalQuantile(
      Array.from({ length: 9 }, (_, i) => i),
      0.9,
    ),
  ).toBe(8);
});

import { createRng } from '../../../src/core/rng.ts';
import { mcnemarExact, pairedBootstrap95 } from '../../../src/eval/metrics/paired-comparison.ts';

describe('mcnemarExact', () => {
  // scipy.stats.binomtest(b, b + c, 0.5).pvalue, SciPy 1.17
  it.each([
    [1, 0, 1],
    [8, 2, 0.109375],
    [2, 8, 0.109375],
    [12, 30, 0.007915897334896727],
    [50, 50, 1],
    [200, 140, 0.0013410446705104107],
  ])('%i against %i: p = %f', (onlyFirst, onlySecond, expected) => {
    expect(mcnemarExact(onlyFirst, onlySecond)).toBeCloseTo(expected, 12);
  });

  it('sees no difference where there is no disagreement', () => {
    expect(mcnemarExact(0, 0)).toBe(1);
  });
});

describe('pairedBootstrap95', () => {
  it('matches the normal interval of the mean difference on a large sample', () => {
    const rng = createRng(1, 'sample');
    const first = Array.from({ length: 2000 }, () => rng.normal());
    const second = first.map((value) => value - 0.3 - 0.5 * rng.normal());
    const [low, high] = pairedBootstrap95({ first, second, seed: 0, resamples: 2000 });
    const differences = first.map((value, i) => value - second[i]!);
    const mean = differences.reduce((sum, value) => sum + value, 0) / 2000;
    const half = 1.96 * (0.5 / Math.sqrt(2000));
    expect(low).toBeCloseTo(mean - half, 2);
    expect(high).toBeCloseTo(mean + half, 2);
  });

  it('uses the pairing: differences that never vary leave no doubt', () => {
    const second = Array.from({ length: 20 }, (_, i) => i);
    const first = second.map((value) => value + 0.25);
    expect(pairedBootstrap95({ first, second, seed: 0 })).toEqual([0.25, 0.25]);
  });

  it('is the same for the same seed only', () => {
    const first = [1, 0, 1, 1, 0, 0.5, 0.3];
    const second = [0, 0, 1, 0, 1, 0.2, 0.9];
    const options = { first, second, resamples: 101 };
    expect(pairedBootstrap95({ ...options, seed: 4 })).toEqual(pairedBootstrap95({ ...options, seed: 4 }));
    expect(pairedBootstrap95({ ...options, seed: 4 })).not.toEqual(pairedBootstrap95({ ...options, seed: 5 }));
  });

  it('refuses lists of different episodes', () => {
    expect(() => pairedBootstrap95({ first: [1], second: [1, 2], seed: 0 })).toThrow('got 1 and 2');
    expect(() => pairedBootstrap95({ first: [], second: [], seed: 0 })).toThrow('got 0 and 0');
  });
});

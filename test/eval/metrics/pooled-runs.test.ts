import { interquartileMean } from '../../../src/eval/metrics/order-statistics.ts';
import { pairedBootstrap95 } from '../../../src/eval/metrics/paired-comparison.ts';
import { iqmBootstrap95 } from '../../../src/eval/metrics/pooled-runs.ts';

const run = (successes: number, episodes: number) => Array.from({ length: episodes }, (_, i) => Number(i < successes));

describe('iqmBootstrap95', () => {
  it('knows what has no spread', () => {
    expect(iqmBootstrap95({ runs: [run(20, 20), run(20, 20), run(20, 20)], seed: 0, resamples: 100 })).toEqual([1, 1]);
  });

  it('is that of a mean where there is one run', () => {
    const [low, high] = iqmBootstrap95({ runs: [run(80, 100)], seed: 1 });
    // 0.8 +- 1.96 sqrt(0.8 x 0.2 / 100) = [0.72, 0.88]
    expect(low).toBeCloseTo(0.72, 1);
    expect(high).toBeCloseTo(0.88, 1);
    const paired = pairedBootstrap95({ first: run(80, 100), second: run(0, 100), seed: 2 });
    expect(Math.abs(low - paired[0])).toBeLessThan(0.02);
    expect(Math.abs(high - paired[1])).toBeLessThan(0.02);
  });

  it('tells runs that differ by their number: it must cover another draw of runs', () => {
    const runs = [run(90, 100), run(60, 100), run(75, 100)];
    const [low, high] = iqmBootstrap95({ runs, seed: 3 });
    // With three runs, one that failed is drawn three times in one of 27 resamples.
    expect(low).toBeLessThan(0.66);
    expect(high).toBeGreaterThan(0.84);
    expect(interquartileMean([0.9, 0.6, 0.75])).toBeCloseTo(0.75, 10);
  });

  it('is the same for the same seed, and wants the same episodes of all', () => {
    const runs = [run(7, 10), run(5, 10)];
    expect(iqmBootstrap95({ runs, seed: 4, resamples: 200 })).toEqual(
      iqmBootstrap95({ runs, seed: 4, resamples: 200 }),
    );
    expect(() => iqmBootstrap95({ runs: [run(1, 2), run(1, 3)], seed: 0 })).toThrow('the same episodes, got 2, 3');
    expect(() => iqmBootstrap95({ runs: [], seed: 0 })).toThrow('the same episodes');
  });
});

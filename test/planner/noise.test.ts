import { createRng, type Rng } from '../../src/core/rng.ts';
import { createNoise, type NoiseSpec } from '../../src/planner/noise.ts';

/**
 * Exact covariances [n][n] of the noise's numbers [H, A]. The noise is linear in its normal draws, so each draw
 * replaced by 1 in turn, and all others by 0, gives the matrix M of value = M draws; the covariance is M M^T.
 */
function covariancesOf(spec: NoiseSpec, horizon: number, actionSize = 1): number[][] {
  const count = horizon * actionSize;
  const noise = createNoise(spec, horizon, actionSize);
  const columns = Array.from({ length: count }, (_, j) => {
    let drawn = 0;
    const values = new Float64Array(count);
    noise({ normal: () => (drawn++ === j ? 1 : 0) } as Rng, values);
    expect(drawn).toBe(count);
    return values;
  });
  return Array.from({ length: count }, (_, s) =>
    Array.from({ length: count }, (_, t) => columns.reduce((sum, column) => sum + column[s]! * column[t]!, 0)),
  );
}

/** Expected |discrete Fourier transform|^2 at frequencies 0 ... H / 2. */
function spectrumOf(covariances: readonly (readonly number[])[]): number[] {
  const horizon = covariances.length;
  return Array.from({ length: Math.floor(horizon / 2) + 1 }, (_, k) => {
    let power = 0;
    for (let s = 0; s < horizon; s++)
      for (let t = 0; t < horizon; t++) power += covariances[s]![t]! * Math.cos((2 * Math.PI * k * (s - t)) / horizon);
    return power;
  });
}

const gaussian: readonly NoiseSpec[] = [
  { kind: 'white' },
  { kind: 'coloured', beta: 0 },
  { kind: 'coloured', beta: 2 },
  { kind: 'coloured', beta: 3.5 },
  { kind: 'ar1', correlation: 0.5 },
];

test.each(gaussian)('%j has unit variance at every step, and independent coordinates', (spec) => {
  for (const horizon of [1, 2, 7, 8]) {
    const covariances = covariancesOf(spec, horizon, 2);
    for (const [s, row] of covariances.entries()) {
      expect(row[s]).toBeCloseTo(1, 12);
      for (const [t, value] of row.entries()) if ((s - t) % 2 !== 0) expect(value).toBeCloseTo(0, 12);
    }
  }
});

test.each([0, 1, 2, 3.5])('coloured noise of beta %d has a spectrum of f^-beta', (beta) => {
  for (const horizon of [2, 3, 15, 16]) {
    const power = spectrumOf(covariancesOf({ kind: 'coloured', beta }, horizon));
    // The zero frequency has the power of the lowest one.
    for (const [k, value] of power.entries()) expect(value / power[1]!).toBeCloseTo(Math.max(k, 1) ** -beta, 10);
  }
});

test('white noise and coloured noise of beta 0 have independent steps', () => {
  for (const spec of [{ kind: 'white' }, { kind: 'coloured', beta: 0 }] as const)
    for (const [s, row] of covariancesOf(spec, 6).entries())
      for (const [t, value] of row.entries()) expect(value).toBeCloseTo(s === t ? 1 : 0, 12);
});

test('autoregressive noise correlates by correlation^lag', () => {
  for (const [s, row] of covariancesOf({ kind: 'ar1', correlation: 0.6 }, 6).entries())
    for (const [t, value] of row.entries()) expect(value).toBeCloseTo(0.6 ** Math.abs(s - t), 12);
});

test('uniform noise with a std of 1 / sqrt(3) fills [-1, 1) evenly', () => {
  const noise = createNoise({ kind: 'uniform' }, 1, 1);
  const rng = createRng(0, 'uniform');
  const value = new Float64Array(1);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 8000; i++) {
    noise(rng, value);
    counts[Math.floor((value[0]! / Math.sqrt(3) + 1) * 2)]! += 1;
  }
  // Binomial(8000, 1 / 4) has a standard deviation of 39.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(150);
});

test('the same stream gives the same noise', () => {
  const draw = (seed: number) => {
    const values = new Float64Array(8);
    createNoise({ kind: 'coloured', beta: 2 }, 4, 2)(createRng(seed, 'noise'), values);
    return [...values];
  };
  expect(draw(11)).toEqual(draw(11));
  expect(draw(11)).not.toEqual(draw(12));
});

test('says what is wrong with a noise', () => {
  expect(() => createNoise({ kind: 'pink' } as never, 4, 1)).toThrow("unknown noise kind 'pink'");
  expect(() => createNoise({ kind: 'ar1', correlation: 1 }, 4, 1)).toThrow('lies in [0, 1), got 1');
  expect(() => createNoise({ kind: 'coloured', beta: -1 }, 4, 1)).toThrow('a number >= 0, got -1');
});

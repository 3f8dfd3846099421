import { createRng } from '../../../src/core/rng.ts';
import { orthogonal } from '../../../src/engine/initialisers.ts';
import { type CollapseMeasures, collapseMeasures } from '../../../src/world-model/objectives/collapse-measures.ts';
import { latentMoments, type MomentName } from '../../../src/world-model/objectives/latent-moments.ts';
import { symmetricEigenvalues } from '../../../src/world-model/objectives/symmetric-eigenvalues.ts';
import { draw, evaluate, given, type Latents } from './cases.ts';

async function measure(encoded: Latents, presence?: Latents): Promise<CollapseMeasures> {
  const moments = await evaluate({ encoded, ...(presence === undefined ? {} : { presence }) }, (x) =>
    latentMoments({ encoded: x.encoded!, presence: x.presence ?? null }),
  );
  return collapseMeasures(moments as Record<MomentName, Float32Array>);
}

describe('symmetricEigenvalues', () => {
  test('golden', () => {
    // det(A - l I) = (2 - l)^2 - 1
    expect(symmetricEigenvalues([2, 1, 1, 2], 2)).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
    expect(symmetricEigenvalues([5], 1)).toEqual([5]);
    expect(symmetricEigenvalues(new Float64Array(9), 3)).toEqual([0, 0, 0]);
  });

  test.each([3, 16, 64])('finds the eigenvalues that %s orthogonal axes were given', (size) => {
    const rng = createRng(size, 'eigenvalues');
    const q = orthogonal()([size, size], rng);
    const values = Array.from({ length: size }, () => 10 ** rng.between(-4, 1)).sort((a, b) => b - a);
    const matrix = Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return values.reduce((sum, value, k) => sum + q[k * size + i]! * value * q[k * size + j]!, 0);
    });
    // The axes are orthonormal to single precision.
    symmetricEigenvalues(matrix, size).forEach((value, i) => {
      expect(Math.abs(value - values[i]!)).toBeLessThan(1e-5 * values[0]!);
    });
  });
});

describe('collapse measures', () => {
  test('golden: two axes of standard deviation 1 and 3', async () => {
    // Rows (+-1, +-3), each sign by turns: singular values in the ratio 1 : 3, variances 1 and 9, mean 0.
    const { effectiveRank, participationRatio, std } = await measure(given([4, 1, 1, 2], [1, 3, 1, -3, -1, 3, -1, -3]));
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(effectiveRank).toBeCloseTo(Math.exp(entropy), 5);
    expect(participationRatio).toBeCloseTo(10 ** 2 / (1 + 81), 5);
    expect(std).toBeCloseTo(2, 5);
  });

  test('a constant latent: rank 1, no spread', async () => {
    const constant = draw([6, 3, 1, 8], createRng(1), () => 0.7);
    const measured = await measure(constant);
    expect(measured.effectiveRank).toBeLessThan(1.1);
    expect(measured.std).toBeLessThan(1e-3);
    expect(measured.participationRatio).toBe(0);
    expect(measured.temporalShare).toBe(0);
  });

  test('independent normal dimensions: full rank, all variance in time', async () => {
    const measured = await measure(draw([200, 9, 1, 8], createRng(2)));
    expect(measured.effectiveRank).toBeGreaterThan(7.9);
    expect(measured.participationRatio).toBeGreaterThan(7.5);
    expect(measured.std).toBeCloseTo(1, 1);
    expect(measured.temporalShare).toBeCloseTo(1, 1);
  });

  test('latents that tell scenes apart and stand still have spread and rank, and no share in time', async () => {
    const scenes = draw([200, 1, 1, 8], createRng(3));
    const still: Latents = {
      shape: [200, 5, 1, 8],
      values: Float32Array.from({ length: 200 * 5 * 8 }, (_, i) => scenes.values[8 * Math.floor(i / 40) + (i % 8)]!),
    };
    const measured = await measure(still);
    expect(measured.effectiveRank).toBeGreaterThan(7.9);
    expect(measured.std).toBeCloseTo(1, 1);
    expect(measured.temporalShare).toBeCloseTo(0, 5);
  });

  test('empty slots do not count', async () => {
    const rng = createRng(4, 'slots');
    const two = draw([10, 3, 2, 4], rng);
    const presence = given(
      [10, 2],
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 0)),
    );
    const one: Latents = { shape: [10, 3, 1, 4], values: two.values.filter((_, i) => i % 8 < 4) };
    const [measured, wanted] = [await measure(two, presence), await measure(one)];
    for (const name of Object.keys(wanted) as (keyof CollapseMeasures)[])
      expect(measured[name]).toBeCloseTo(wanted[name], 4);
  });
});

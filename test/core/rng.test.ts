import fc from 'fast-check';
import { createRng, deriveSeed, type Rng } from '../../src/core/rng.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function draw(rng: Rng, count: number, sample: (rng: Rng) => number): number[] {
  return Array.from({ length: count }, () => sample(rng));
}

function moments(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance) };
}

test('the generator is xoshiro128**', () => {
  // The first outputs from state [1, 2, 3, 4], as the authors' C code (version 1.1) gives them.
  const reference = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ];
  const rng = createRng(0);
  rng.restore({ words: [1, 2, 3, 4], spareNormal: null });
  for (let i = 0; i < reference.length; i += 2) {
    // uniform = (27 high bits of one word, then 26 of the next) / 2^53
    expect(rng.uniform()).toBe(
      (Math.floor(reference[i]! / 32) * 2 ** 26 + Math.floor(reference[i + 1]! / 64)) / 2 ** 53,
    );
  }
});

test('streams keep their values between releases', () => {
  // draw(createRng(0), 3, (rng) => rng.uniform()) and so on: datasets and results are regenerated from seeds.
  expect(draw(createRng(0), 3, (rng) => rng.uniform())).toEqual([
    0.7772469275001712, 0.5847398169999722, 0.2696885833447067,
  ]);
  expect(draw(createRng(7, 'env', 3), 3, (rng) => rng.uniform())).toEqual([
    0.07386021511336216, 0.8534260128008527, 0.42882210031416745,
  ]);
  expect(draw(createRng(7, 'env', 3), 3, (rng) => rng.normal())).toEqual([
    -2.0890642905680563, 1.587920182395471, -1.5402709310374347,
  ]);
  expect(draw(createRng(7, 'env', 3), 3, (rng) => rng.vonMises(0, 5))).toEqual([
    -0.3527800431476908, -0.480266695714394, -0.8711086931844165,
  ]);
  expect(createRng(1).shuffled([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([1, 0, 5, 2, 7, 3, 4, 6]);
  expect(deriveSeed(1, 'worker', 2)).toBe(108703823);
});

test('the same seed and names give the same stream; any other gives another', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.oneof(fc.string(), fc.nat())), (seed, path) => {
      const first = draw(createRng(seed, ...path), 4, (rng) => rng.uniform());
      expect(draw(createRng(seed, ...path), 4, (rng) => rng.uniform())).toEqual(first);
      expect(draw(createRng(seed + 1, ...path), 4, (rng) => rng.uniform())).not.toEqual(first);
      expect(draw(createRng(seed, ...path, 'other'), 4, (rng) => rng.uniform())).not.toEqual(first);
    }),
    { seed: 1 },
  );
});

test('a name that looks like a number is not that number', () => {
  expect(createRng(0, 1).uniform()).not.toBe(createRng(0, '1').uniform());
});

test('streams of neighbouring names and seeds are uncorrelated', () => {
  const count = 4096;
  const columns = Array.from({ length: 16 }, (_, i) =>
    draw(createRng(i % 4, 'env', i >> 2), count, (rng) => rng.uniform() - 0.5),
  );
  for (let i = 0; i < columns.length; i++) {
    for (let j = 0; j < i; j++) {
      const covariance = columns[i]!.reduce((sum, x, k) => sum + x * columns[j]![k]!, 0) / count;
      // Correlation has std 1/64 here; 120 pairs, 5 std.
      expect(Math.abs(12 * covariance)).toBeLessThan(5 / 64);
    }
  }
});

test('a child is independent of how far its parent has run, and leaves it alone', () => {
  const parent = createRng(5, 'a');
  const before = parent.child('b').uniform();
  parent.uniform();
  const state = parent.save();
  expect(parent.child('b').uniform()).toBe(before);
  expect(parent.save()).toEqual(state);
  expect(createRng(5, 'a', 'b').uniform()).toBe(before);
});

test('first values over many seeds are spread evenly', () => {
  const cells = new Array<number>(16).fill(0);
  for (let seed = 0; seed < 16_000; seed++) cells[createRng(seed).integer(16)]!++;
  // Chi-square with 15 degrees of freedom: 44.3 is the 1e-4 quantile.
  expect(cells.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(44.3);
});

test('uniform and integer stay in their ranges and have the right mean and spread', () => {
  const values = draw(createRng(2), 40_000, (rng) => rng.uniform());
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(moments(values).mean).toBeCloseTo(0.5, 2);
  expect(moments(values).std).toBeCloseTo(Math.sqrt(1 / 12), 2);
  const rng = createRng(3);
  const dice = draw(rng, 6000, () => rng.integer(6));
  expect(new Set(dice)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  expect(draw(rng, 1000, () => rng.between(-2, -1)).every((x) => x >= -2 && x < -1)).toBe(true);
});

test('normal has mean 0, std 1, a normal tail and no serial correlation', () => {
  const values = draw(createRng(4), 40_000, (rng) => rng.normal());
  const { mean, std } = moments(values);
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(std - 1)).toBeLessThan(0.02);
  // P(|x| > 2) = 0.0455, std over 40,000 draws 0.001.
  expect(Math.abs(values.filter((x) => Math.abs(x) > 2).length / values.length - 0.0455)).toBeLessThan(0.005);
  const serial = values.slice(1).reduce((sum, x, i) => sum + x * values[i]!, 0) / values.length;
  expect(Math.abs(serial)).toBeLessThan(0.025);
});

test.each([
  // E[cos] = I1(kappa) / I0(kappa), from the Bessel functions' tables.
  [0, 0],
  [0.5, 0.2425],
  [2, 0.69777],
  [5, 0.89338],
  [50, 0.98995],
])('von Mises with concentration %d has mean resultant length %d', (kappa, expected) => {
  const mean = 1.1;
  const values = draw(createRng(6, kappa), 20_000, (rng) => rng.vonMises(mean, kappa));
  const along = values.reduce((sum, x) => sum + Math.cos(x - mean), 0) / values.length;
  const across = values.reduce((sum, x) => sum + Math.sin(x - mean), 0) / values.length;
  expect(Math.abs(along - expected)).toBeLessThan(0.02);
  expect(Math.abs(across)).toBeLessThan(0.02);
  expect(values.every((x) => Math.abs(x - mean) <= Math.PI)).toBe(true);
});

test('chance comes out at its probability, and is certain at 0 and 1', () => {
  const rng = createRng(8);
  expect(
    Math.abs(draw(rng, 20_000, () => Number(rng.chance(0.3))).reduce((a, b) => a + b, 0) / 20_000 - 0.3),
  ).toBeLessThan(0.02);
  expect(draw(rng, 1000, () => Number(rng.chance(0))).every((x) => x === 0)).toBe(true);
  expect(draw(rng, 1000, () => Number(rng.chance(1))).every((x) => x === 1)).toBe(true);
});

test('pick reaches every element and refuses an empty list', () => {
  const rng = createRng(9);
  expect(new Set(Array.from({ length: 100 }, () => rng.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  expect(() => rng.pick([])).toThrow('empty list');
});

test('shuffled is a permutation that leaves its argument alone', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.integer()), (seed, items) => {
      const before = [...items];
      const result = createRng(seed).shuffled(items);
      expect(items).toEqual(before);
      expect([...result].sort((a, b) => a - b)).toEqual(before.sort((a, b) => a - b));
    }),
    { seed: 2 },
  );
});

test('shuffled makes every order equally often', () => {
  const rng = createRng(10);
  const counts = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = rng.shuffled([0, 1, 2, 3]).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // Chi-square with 23 degrees of freedom: 56.5 is the 1e-4 quantile.
  expect([...counts.values()].reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0)).toBeLessThan(56.5);
});

test('a restored stream goes on exactly, the spare normal included, through JSON too', () => {
  fc.assert(
    fc.property(seeds, fc.nat({ max: 9 }), (seed, consumed) => {
      const rng = createRng(seed);
      for (let i = 0; i < consumed; i++) rng.normal();
      const state = JSON.parse(JSON.stringify(rng.save()));
      const rest = [rng.normal(), rng.uniform(), rng.normal(), rng.vonMises(0, 2)];
      const other = createRng(seed + 1);
      other.restore(state);
      expect([other.normal(), other.uniform(), other.normal(), other.vonMises(0, 2)]).toEqual(rest);
    }),
    { seed: 3 },
  );
});

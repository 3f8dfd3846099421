import fc from 'fast-check';
import { runEager } from '../../src/engine/run-eager.ts';
import { varianceCovariance } from '../../src/world-model/losses/variance-covariance.ts';

async function measure(rows: number[][], weights?: number[]) {
  const shape = [rows.length, rows[0]!.length];
  const result = await runEager(
    {
      name: 'variance-covariance',
      inputs: { x: { shape }, ...(weights === undefined ? {} : { w: { shape: [rows.length, 1] } }) },
      run: ({ x, w }) => ({ ...varianceCovariance(x!, w) }),
    },
    { x: Float32Array.from(rows.flat()), ...(weights === undefined ? {} : { w: Float32Array.from(weights) }) },
    { backend: 'cpu' },
  );
  return Object.fromEntries(Object.entries(result).map(([name, [value]]) => [name, value!]));
}

test('golden: two perfectly correlated dimensions of variance 1/3 and 4/3', async () => {
  // rows (0, 0), (1, 2), (0, 0), (1, 2): var = 1/3 and 4/3, cov = 2/3.
  const { variance, covariance, std } = await measure([
    [0, 0],
    [1, 2],
    [0, 0],
    [1, 2],
  ]);
  expect(variance).toBeCloseTo((1 - Math.sqrt(1 / 3 + 1e-4)) / 2, 6);
  expect(covariance).toBeCloseTo((2 / 3) ** 2, 6);
  expect(std).toBeCloseTo((Math.sqrt(1 / 3 + 1e-4) + Math.sqrt(4 / 3 + 1e-4)) / 2, 6);
});

test('a collapsed batch costs the whole variance term', async () => {
  const { variance, covariance } = await measure(Array.from({ length: 8 }, () => [3, -1, 2]));
  expect(variance).toBeCloseTo(1 - 0.01, 5);
  expect(covariance).toBeCloseTo(0, 8);
});

test('rows of weight 0 change nothing', async () => {
  const row = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 3, maxLength: 8 }), row, async (rows, extra) => {
      const plain = await measure(rows);
      const masked = await measure([...rows, extra], [...rows.map(() => 1), 0]);
      for (const [name, value] of Object.entries(plain)) expect(masked[name]).toBeCloseTo(value, 4);
    }),
    { seed: 1, numRuns: 20 },
  );
});

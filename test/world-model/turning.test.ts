import fc from 'fast-check';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { type Turned, turn, turnBack } from '../../src/world-model/turning.ts';

const row: Turned = ['point', 'moments', 'point'];
const width = 10;

async function turnRow(numbers: readonly number[], angle: number, back = false): Promise<number[]> {
  const { result } = await runEager(
    {
      name: 'turn',
      inputs: { rows: { shape: [1, width] }, direction: { shape: [1, 2] } },
      run: ({ rows, direction }) => ({ result: (back ? turnBack : turn)(rows!, direction!, row) }),
    },
    { rows: Float32Array.from(numbers), direction: Float32Array.of(Math.cos(angle), Math.sin(angle)) },
    { backend: 'cpu' },
  );
  return [...(result as Float32Array)];
}

const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: width, maxLength: width });
const angle = fc.double({ min: -7, max: 7, noNaN: true });

test('each complex number of a row turns by its own multiple of the angle: z e^(i k a)', async () => {
  // Where its parts are, and k: two points, and c_20, c_21, c_30 between them.
  const parts = [
    [0, 1, 1],
    [2, 5, 2],
    [3, 6, 1],
    [4, 7, 3],
    [8, 9, 1],
  ] as const;
  await fc.assert(
    fc.asyncProperty(numbers, angle, async (values, by) => {
      const turned = await turnRow(values, by);
      for (const [re, im, k] of parts) {
        const [cos, sin] = [Math.cos(k * by), Math.sin(k * by)];
        expect(Math.abs(turned[re]! - (values[re]! * cos - values[im]! * sin))).toBeLessThan(1e-5);
        expect(Math.abs(turned[im]! - (values[re]! * sin + values[im]! * cos))).toBeLessThan(1e-5);
      }
    }),
    { numRuns: 20 },
  );
});

test('turning back undoes it', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, angle, async (values, by) => {
      const returned = await turnRow(await turnRow(values, by), by, true);
      for (const [i, value] of returned.entries()) expect(Math.abs(value - values[i]!)).toBeLessThan(1e-5);
    }),
    { numRuns: 20 },
  );
});

test('a quarter turn takes x to y, to the last bit', async () => {
  const { result } = await runEager(
    {
      name: 'turn',
      inputs: { points: { shape: [2, 2] } },
      run: ({ points }) => ({
        result: turn(
          points!,
          tf.tensor2d([
            [0, 1],
            [0, 1],
          ]),
          ['point'],
        ),
      }),
    },
    { points: Float32Array.of(1, 0, 0, 1) },
    { backend: 'cpu' },
  );
  expect([...(result as Float32Array)].map((value) => value + 0)).toEqual([0, 1, -1, 0]);
});

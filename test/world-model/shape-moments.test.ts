import fc from 'fast-check';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { createRasteriser } from '../../src/env/rasteriser/rasteriser.ts';
import { complexMoments, rawMoments } from '../../src/world-model/encoders/shape-moments.ts';
import { turn } from '../../src/world-model/turning.ts';

const side = 20;
type Corner = readonly [number, number];

/** A polygon around the crop's centre of mass, corners in units of half the crop. */
function crop(corners: readonly Corner[], angle: number): Float32Array {
  const rasteriser = createRasteriser({ width: side, height: side });
  rasteriser.clear([0, 0, 0]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const flat = corners.flatMap(([x, y]) => [
    (side / 2) * (1 + cos * x - sin * y),
    (side / 2) * (1 + sin * x + cos * y),
  ]);
  rasteriser.fillPolygon(flat, [255, 255, 255]);
  return Float32Array.from({ length: side * side }, (_, i) => rasteriser.pixels[3 * i]! / 255);
}

async function momentsOf(crops: readonly Float32Array[]): Promise<number[][]> {
  const { moments } = await runEager(
    {
      name: 'moments',
      inputs: { crops: { shape: [crops.length, side * side] } },
      run: ({ crops: x }) => ({ moments: complexMoments(rawMoments(x!, side)) }),
    },
    { crops: Float32Array.from(crops.flatMap((values) => [...values])) },
    { backend: 'cpu' },
  );
  return crops.map((_, i) => [...(moments as Float32Array).subarray(6 * i, 6 * i + 6)]);
}

async function turned(moments: readonly number[], angle: number): Promise<number[]> {
  const { result } = await runEager(
    {
      name: 'turn',
      inputs: { moments: { shape: [1, 6] } },
      run: ({ moments: x }) => ({
        result: turn(x!, tf.tensor2d([[Math.cos(angle), Math.sin(angle)]]), ['moments']),
      }),
    },
    { moments: Float32Array.from(moments) },
    { backend: 'cpu' },
  );
  return [...(result as Float32Array)];
}

function expectClose(actual: readonly number[], expected: readonly number[], within: number): void {
  for (const [i, value] of actual.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(within);
}

// Sides 1.2 and 0.6: m20 - m02 = (1.2^2 - 0.6^2) / 12 = 0.09, times the scale of 16; third moments vanish.
const box: readonly Corner[] = [
  [-0.6, -0.3],
  [0.6, -0.3],
  [0.6, 0.3],
  [-0.6, 0.3],
];
// A kite around its centre of mass at 0: no symmetry but one, so all moments speak.
const kite: readonly Corner[] = [
  [-0.7, 0],
  [0.1, -0.4],
  [0.6, 0],
  [0.1, 0.4],
];

test('the moments of a box are those of the formula', async () => {
  const [moments] = await momentsOf([crop(box, 0)]);
  expectClose(moments!, [16 * 0.09, 0, 0, 0, 0, 0], 0.02);
});

test('turning a picture turns its moments', async () => {
  const angles = [0, 0.3, 1.1, 2.4, 3.6, 5.9];
  const seen = await momentsOf(angles.map((angle) => crop(kite, angle)));
  for (const [i, angle] of angles.entries()) expectClose(await turned(seen[0]!, angle), seen[i]!, 0.04);
});

test('a box looks the same after half a turn, and so do its moments', async () => {
  const [moments] = await momentsOf([crop(box, 0.4)]);
  expectClose(await turned(moments!, Math.PI), moments!, 0.02);
});

test('turning twice is turning by the sum', async () => {
  const angle = fc.double({ min: -7, max: 7, noNaN: true });
  const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(numbers, angle, angle, async (moments, first, second) => {
      expectClose(await turned(await turned(moments, first), second), await turned(moments, first + second), 1e-4);
    }),
    { numRuns: 20 },
  );
});

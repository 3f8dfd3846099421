import fc from 'fast-check';
import type { Point } from '../../src/core/task.ts';
import { gateObjectMotion } from '../../src/cost/contact-gate.ts';
import { compile } from '../../src/engine/compile.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { flat } from './imagined.ts';

const options = { radius: 0.1, softness: 0.005 };

const program = (times: number, entities: number) => ({
  name: 'gate',
  inputs: { positions: { shape: [1, 1, times, entities, 2] } },
  run: (given: Readonly<Record<string, import('../../src/engine/tf.ts').Tensor>>) => ({
    gated: gateObjectMotion(given.positions!, options),
  }),
});

/** Gated positions [H + 1][N] as points. */
async function gate(steps: readonly (readonly Point[])[]): Promise<number[][][]> {
  const [times, entities] = [steps.length, steps[0]!.length];
  const { gated } = await runEager(program(times, entities), { positions: Float32Array.from(flat(steps)) });
  return steps.map((points, t) => points.map((_, n) => [0, 1].map((c) => gated![(t * entities + n) * 2 + c]!)));
}

const near = (actual: readonly number[], expected: readonly number[], within = 1e-5) => {
  for (const [i, x] of expected.entries()) expect(Math.abs(actual[i]! - x)).toBeLessThan(within);
};

test('an object that moves by itself stays where it is', async () => {
  const gated = await gate(
    [0, 1, 2, 3].map((t) => [
      [0, 0],
      [0.5 + 0.1 * t, 0.5],
    ]),
  );
  for (const step of gated) near(step[1]!, [0.5, 0.5]);
});

test('an object that is pushed moves as predicted', async () => {
  const steps: Point[][] = [0, 1, 2, 3].map((t) => [
    [0.4 + 0.1 * t, 0.5],
    [0.45 + 0.1 * t, 0.5],
  ]);
  const gated = await gate(steps);
  for (const [t, step] of gated.entries()) near(step[1]!, steps[t]![1]!, 1e-4);
});

test('motion counts from where the object is, not from where it was imagined', async () => {
  // It drifts off alone for one step; then the pusher is where the drifted object would be.
  const gated = await gate([
    [
      [0, 0],
      [0.5, 0.5],
    ],
    [
      [0, 0],
      [0.8, 0.5],
    ],
    [
      [0.8, 0.5],
      [0.9, 0.5],
    ],
  ]);
  // The way from (0, 0) to (0.8, 0.5) passes (0.5, 0.5) at 0.16: no contact.
  near(gated[2]![1]!, [0.5, 0.5], 1e-4);
});

test('contact on the way counts, even where both ends are far', async () => {
  const gated = await gate([
    [
      [0.2, 0.5],
      [0.5, 0.5],
    ],
    [
      [0.8, 0.5],
      [0.7, 0.5],
    ],
  ]);
  near(gated[1]![1]!, [0.7, 0.5], 1e-4);
});

test('the pusher is never changed, nor the first step; no object, no change', async () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  const steps = fc.array(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 3 }), {
    minLength: 2,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (points) => {
      const gated = await gate(points);
      for (const [t, step] of gated.entries()) near(step[0]!, points[t]![0]!, 1e-6);
      for (const [n, at] of points[0]!.entries()) near(gated[0]![n]!, at, 1e-6);
    }),
    { seed: 1, numRuns: 20 },
  );
  near((await gate([[[0.1, 0.2]], [[0.3, 0.4]]])).flat(2), [0.1, 0.2, 0.3, 0.4], 1e-6);
});

test('half of the motion counts at the radius itself', async () => {
  const gated = await gate([
    [
      [0.5, 0.6],
      [0.5, 0.5],
    ],
    [
      [0.5, 0.6],
      [0.7, 0.5],
    ],
  ]);
  near(gated[1]![1]!, [0.6, 0.5], 1e-4);
});

test('compiles', async () => {
  const positions = Float32Array.from({ length: 4 * 3 * 2 }, (_, i) => ((i * 37) % 11) / 11);
  const eager = await runEager(program(4, 3), { positions });
  const executable = await compile(program(4, 3));
  const compiled = await executable.run({ positions });
  await executable.dispose();
  near([...compiled.gated!], [...eager.gated!]);
});

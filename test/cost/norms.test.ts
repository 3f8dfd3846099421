import { hinge, l2, quadratic, smoothAbs } from '../../src/cost/norms.ts';
import type { Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';

/** A norm's values over residuals [rows, n], and the gradient of their sum. */
async function evaluate(
  norm: (x: Tensor) => Tensor,
  rows: readonly (readonly number[])[],
): Promise<{ value: Values; slope: Values }> {
  const shape = [rows.length, rows[0]!.length];
  const run = ({ x }: Readonly<Record<string, Tensor>>) => ({
    value: norm(x!),
    slope: tf.grad((y) => tf.sum(norm(y)))(x!),
  });
  const result = await runEager({ name: 'norm', inputs: { x: { shape } }, run }, { x: Float32Array.from(rows.flat()) });
  return { value: result.value!, slope: result.slope! };
}

const rows = [
  [0.3, -0.4],
  [-1.5, 2],
  [0.01, 0.02],
  [3, 0],
];

describe.each([
  ['quadratic', quadratic, rows.map(([x, y]) => x! ** 2 + y! ** 2)],
  ['l2', (x: Tensor) => l2(x, 0.1), rows.map(([x, y]) => Math.sqrt(x! ** 2 + y! ** 2 + 0.01) - 0.1)],
  ['l2, barely smoothed', l2, rows.map(([x, y]) => Math.hypot(x!, y!))],
  ['smoothAbs', (x: Tensor) => smoothAbs(x, 0.1), rows.flat().map((x) => Math.sqrt(x * x + 0.01) - 0.1)],
  ['smoothAbs, barely smoothed', smoothAbs, rows.flat().map(Math.abs)],
  ['hinge', (x: Tensor) => hinge(x, 0.25), rows.flat().map((x) => Math.max(0, x - 0.25))],
])('%s', (_, norm, expected) => {
  test('is its formula', async () => {
    const { value } = await evaluate(norm, rows);
    for (const [i, x] of expected.entries()) expect(Math.abs(value[i]! - x)).toBeLessThan(2e-6);
  });

  test('is zero at zero, with a finite slope, and never negative', async () => {
    const { value, slope } = await evaluate(norm, [
      [0, 0],
      [1e-9, -1e-9],
      [-5, 1e-4],
    ]);
    expect(value[0]).toBe(0);
    for (const x of value) expect(x).toBeGreaterThanOrEqual(0);
    for (const x of slope) expect(Number.isFinite(x)).toBe(true);
  });

  test('has the slope that differences show', async () => {
    const step = 2 ** -8;
    const { slope } = await evaluate(norm, rows);
    const sum = async (at: readonly (readonly number[])[]) => {
      const { value } = await evaluate(norm, at);
      return [...value].reduce((total, x) => total + x, 0);
    };
    for (const [r, row] of rows.entries()) {
      for (const i of row.keys()) {
        const moved = (by: number) => rows.with(r, row.with(i, row[i]! + by));
        const difference = ((await sum(moved(step))) - (await sum(moved(-step)))) / (2 * step);
        // Half of a step is the curvature of barely smoothed lengths near zero.
        const near = Math.hypot(...row) < 0.1 ? 0.05 : 0.002;
        expect(Math.abs(slope[2 * r + i]! - difference)).toBeLessThan(near);
      }
    }
  });
});

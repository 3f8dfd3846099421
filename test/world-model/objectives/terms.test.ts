import { createRng } from '../../../src/core/rng.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { crossCorrelation } from '../../../src/world-model/objectives/barlow-twins.ts';
import { infoNce } from '../../../src/world-model/objectives/info-nce.ts';
import { inverseDynamics } from '../../../src/world-model/objectives/inverse-dynamics.ts';
import { rolloutError } from '../../../src/world-model/objectives/rollout.ts';
import { slicedEppsPulley } from '../../../src/world-model/objectives/sigreg.ts';
import { curvature, evenTriples } from '../../../src/world-model/objectives/straightening.ts';
import { neighboursAt, temporalSimilarity } from '../../../src/world-model/objectives/temporal-similarity.ts';
import { temporalVariance } from '../../../src/world-model/objectives/temporal-variance.ts';
import { operand } from '../../support/kernel-cases/kernel-case.ts';
import { checkLayer } from '../../support/layer-case.ts';
import { draw, drawn, evaluate, given, scalar } from './cases.ts';

describe('rollout', () => {
  test('golden: errors 1 and 3 of two dimensions after one step, 0 after two', async () => {
    const targets = given([1, 3, 1, 2], [9, 9, 1, 2, 3, 4]);
    const error = await scalar({ targets, one: given([1, 1, 2], [2, 5]), two: given([1, 1, 2], [3, 4]) }, (x) =>
      rolloutError([x.one!, x.two!], x.targets!, null),
    );
    expect(error).toBeCloseTo(((1 + 9) / 2 + 0) / 2, 6);
  });
});

describe('cross-correlation', () => {
  test('golden: views that agree in one dimension and are opposite in the other', async () => {
    // Both dimensions are of mean 0 and variance 1, and uncorrelated: C = diag(1, -1) but for the guard of 1e-4.
    const a = given([4, 2], [1, 1, 1, -1, -1, 1, -1, -1]);
    const b = given([4, 2], [1, -1, 1, 1, -1, -1, -1, 1]);
    const result = await evaluate({ a, b }, (x) => ({ ...crossCorrelation(x.a!, x.b!) }));
    expect(result.alignment![0]).toBeCloseTo((0 + 4) / 2, 3);
    expect(result.redundancy![0]).toBeCloseTo(0, 6);
  });

  test('golden: two copies of one dimension are wholly redundant', async () => {
    const a = given([4, 2], [1, 1, 1, 1, -1, -1, -1, -1]);
    const result = await evaluate({ a }, (x) => ({ ...crossCorrelation(x.a!, x.a!) }));
    expect(result.alignment![0]).toBeCloseTo(0, 6);
    expect(result.redundancy![0]).toBeCloseTo(1, 3);
  });

  test('neither shift nor scale of a view changes it', async () => {
    const [a, b] = [drawn([20, 3], 1), drawn([20, 3], 2)];
    const { plain, moved } = await evaluate({ a, b }, (x) => ({
      plain: crossCorrelation(x.a!, x.b!).redundancy,
      moved: crossCorrelation(tf.add(tf.mul(x.a!, 3), 5), x.b!).redundancy,
    }));
    expect(moved![0]).toBeCloseTo(plain![0]!, 4);
  });
});

describe('sliced Epps-Pulley', () => {
  const points = Array.from({ length: 17 }, (_, i) => (3 * i) / 16);
  /** The trapezoidal rule over [-3, 3] for an even function. */
  const integral = (f: (t: number) => number): number =>
    points.reduce((sum, t, i) => sum + (i === 0 || i === 16 ? 1 : 2) * (3 / 16) * f(t), 0);

  test('golden: a constant, in every direction', async () => {
    // All rows at 0: the characteristic function is 1 everywhere.
    const statistic = await scalar({ rows: given([5, 3], new Array(15).fill(0)), directions: drawn([3, 4], 1) }, (x) =>
      slicedEppsPulley(x.rows!, x.directions!),
    );
    expect(statistic).toBeCloseTo(5 * integral((t) => (1 - Math.exp((-t * t) / 2)) ** 2 * Math.exp((-t * t) / 2)), 4);
  });

  test('golden: rows at +-1 along one axis', async () => {
    // Characteristic function cos(t), whatever the direction's length.
    const directions = given([2, 1], [7, 0]);
    const statistic = await scalar({ rows: given([2, 2], [1, 3, -1, 8]), directions }, (x) =>
      slicedEppsPulley(x.rows!, x.directions!),
    );
    expect(statistic).toBeCloseTo(
      2 * integral((t) => (Math.cos(t) - Math.exp((-t * t) / 2)) ** 2 * Math.exp((-t * t) / 2)),
      4,
    );
  });

  test('rows from a standard normal have the mean that theory gives, and rows elsewhere far more', async () => {
    // E |phi_M - phi|^2 = (1 - |phi|^2) / M
    const expected = integral((t) => (1 - Math.exp(-t * t)) * Math.exp((-t * t) / 2));
    const rng = createRng(3, 'gaussian');
    let sum = 0;
    for (let i = 0; i < 8; i++) {
      const arrays = { rows: draw([400, 2], rng), directions: draw([2, 16], rng) };
      sum += await scalar(arrays, (x) => slicedEppsPulley(x.rows!, x.directions!));
      const wide = await scalar(arrays, (x) => slicedEppsPulley(tf.mul(x.rows!, 2), x.directions!));
      expect(wide).toBeGreaterThan(10 * expected);
    }
    expect(sum / 8).toBeGreaterThan(0.5 * expected);
    expect(sum / 8).toBeLessThan(2 * expected);
  });
});

describe('InfoNCE', () => {
  const options = { temperature: 0.5, sameWindow: true };
  const axes = given([2, 2, 1, 2], [1, 0, 0, 1, -1, 0, 0, -1]);

  test('golden: four keys at right angles, each query on its own', async () => {
    // Cosines of each query with the keys: 1, 0, 0, -1.
    const loss = await scalar({ axes, queries: given([2, 1, 1, 2], [0, 3, 0, -3]) }, (x) =>
      infoNce(x.queries!, x.axes!, null, options),
    );
    expect(loss).toBeCloseTo(Math.log(Math.exp(2) + 2 + Math.exp(-2)) - 2, 5);
  });

  test('golden: without the frames of the same window', async () => {
    // The key at 90 degrees of the same window no longer counts.
    const loss = await scalar({ axes, queries: given([2, 1, 1, 2], [0, 3, 0, -3]) }, (x) =>
      infoNce(x.queries!, x.axes!, null, { ...options, sameWindow: false }),
    );
    expect(loss).toBeCloseTo(Math.log(Math.exp(2) + 1 + Math.exp(-2)) - 2, 5);
  });

  test('golden: the encoded frame asks as well', async () => {
    // Two windows of two frames; each query is at a right angle to its own key. From the query: its own key at 0,
    // the first frames at 1 and -1, the other key at 0. From the key: itself left out, the others at 0, 0, -1.
    const loss = await scalar({ axes, queries: given([2, 1, 1, 2], [1, 0, -1, 0]) }, (x) =>
      infoNce(x.queries!, x.axes!, null, options),
    );
    expect(loss).toBeCloseTo((Math.log(1 + Math.exp(2) + Math.exp(-2) + 1) + Math.log(1 + 2 + Math.exp(-2))) / 2, 5);
  });

  test('latents that are all the same cost the logarithm of their number', async () => {
    const ones = (...shape: number[]) => draw(shape, createRng(1), () => 1);
    const loss = await scalar({ keys: ones(3, 4, 2, 5), queries: ones(3, 3, 2, 5) }, (x) =>
      infoNce(x.queries!, x.keys!, null, options),
    );
    expect(loss).toBeCloseTo(Math.log(3 * 4 * 2), 4);
  });

  test('latents that tell windows apart and not their frames cost the logarithm of the frames', async () => {
    const keys = draw([2, 4, 1, 3], createRng(1), () => 0);
    for (let i = 0; i < 8; i++) keys.values[3 * i + (i < 4 ? 0 : 1)] = 1;
    const cold = { temperature: 0.05, sameWindow: true };
    const loss = await scalar({ keys }, (x) =>
      infoNce(tf.slice(x.keys!, [0, 1, 0, 0], [2, 3, 1, 3]), x.keys!, null, cold),
    );
    expect(loss).toBeCloseTo(Math.log(4), 4);
  });
});

describe('temporal similarity', () => {
  test('golden, over the neighbours alone', async () => {
    const encoded = given([1, 3, 1, 2], [0, 0, 1, 3, 100, 100]);
    const similarity = await scalar({ encoded }, (x) => temporalSimilarity(x.encoded!, neighboursAt([0, 1, 5]), null));
    expect(similarity).toBeCloseTo((1 + 9) / 2, 5);
  });

  test('neighbours are one step apart', () => {
    expect(neighboursAt([0, 1, 2, 4, 8])).toEqual([0, 1]);
    expect(neighboursAt([0, 1, 2, 3])).toEqual([0, 1, 2]);
  });
});

describe('straightening', () => {
  const bend = (values: readonly number[]): Promise<number> =>
    scalar({ path: given([1, 3, 1, 2], values) }, (x) => curvature(x.path!, [0, 1, 2], null));

  test.each([
    ['straight', [0, 0, 30, 40, 60, 80], 0],
    ['at a right angle', [0, 0, 50, 0, 50, 50], 1],
    ['back', [0, 0, 50, 0, 0, 0], 2],
    ['standing still', [3, 4, 3, 4, 3, 4], 1],
  ])('%s', async (_, path, expected) => {
    expect(await bend(path)).toBeCloseTo(expected, 4);
  });

  test('takes evenly spaced frames only', async () => {
    expect(evenTriples([0, 1, 2, 3])).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(evenTriples([0, 1, 2, 4, 8])).toEqual([
      [0, 1, 2],
      [0, 2, 3],
      [0, 3, 4],
    ]);
    await expect(scalar({ path: drawn([1, 3, 1, 2], 1) }, (x) => curvature(x.path!, [0, 1, 3], null))).rejects.toThrow(
      /evenly spaced/,
    );
  });
});

describe('temporal variance', () => {
  test('scenes that differ and stand still cost all of it', async () => {
    const still = draw([6, 4, 1, 3], createRng(1), () => 0);
    for (let i = 0; i < still.values.length; i++) still.values[i] = Math.floor(i / 12);
    expect(await scalar({ still }, (x) => temporalVariance(x.still!, null))).toBeCloseTo(0.4 - 0.01, 5);
  });

  test('golden: +-0.1 within a window, one dimension of two', async () => {
    // Unbiased over two frames: variance 2 x 0.01, whatever the window's mean.
    const moving = given([2, 2, 1, 2], [5.1, 7, 4.9, 7, 0.1, 3, -0.1, 3]);
    const term = await scalar({ moving }, (x) => temporalVariance(x.moving!, null));
    expect(term).toBeCloseTo((0.4 - Math.sqrt(0.02 + 1e-4) + (0.4 - 0.01)) / 2, 5);
  });

  test('what moves enough costs nothing', async () => {
    expect(await scalar({ moving: drawn([8, 9, 1, 4], 2) }, (x) => temporalVariance(x.moving!, null))).toBe(0);
  });
});

describe('inverse dynamics', () => {
  const arrays = { before: given([2, 1], [1, 2]), after: given([2, 1], [4, 6]), action: given([2, 1], [3, 5]) };
  const difference = (before: Tensor, after: Tensor): Tensor => tf.sub(after, before);

  test('golden: an inverse that subtracts', async () => {
    const error = await scalar(arrays, ({ before, after, action }) =>
      inverseDynamics(difference, [{ before: before!, after: after!, action: action! }], { frozen: false }),
    );
    expect(error).toBeCloseTo((0 + 1) / 2, 6);
  });

  test.each([
    [true, 0],
    // d/da mean (a - b - action)^2 = 2 (4 - 3) / 2 in the second row
    [false, 1],
  ])('frozen %s: latents feel a slope of %s', async (frozen, expected) => {
    const slope = await evaluate(arrays, ({ before, after, action }) => {
      const loss = (after: Tensor): Tensor =>
        tf.add(
          inverseDynamics(difference, [{ before: before!, after, action: action! }], { frozen }),
          tf.mul(tf.sum(after), 0),
        );
      return { slope: tf.max(tf.abs(tf.grads(loss)([after!])[0]!)) };
    });
    expect(Math.abs(slope.slope![0]!)).toBeCloseTo(expected, 6);
  });
});

describe('compiled as eager, and the gradient is the slope', () => {
  const presence = [1, 0, 1, 1, 1, 1, 0, 1];
  /** With the spread of what it is tried on. */
  const cases: Record<string, readonly [spread: number, term: (encoded: Tensor, filled: Tensor) => Tensor]> = {
    similarity: [1, (x, filled) => temporalSimilarity(x, [0, 1], filled)],
    // Short steps turn too sharply for differences to follow.
    curvature: [2, (x, filled) => curvature(x, [0, 1, 2, 3], filled)],
    // Less than is asked for: away from the kink.
    'temporal variance': [0.2, (x, filled) => temporalVariance(x, filled)],
  };
  test.each(Object.keys(cases))('%s', async (name) => {
    const [spread, term] = cases[name]!;
    await checkLayer({
      specs: {},
      inputs: (rng) => [operand([4, 4, 2, 3], rng, (r) => spread * r.normal())],
      run: (_, encoded) => term(encoded!, tf.tensor(presence, [4, 2])),
    });
  });
});

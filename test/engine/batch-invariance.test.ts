import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import type { Program, Tensors, Values } from '../../src/engine/program.ts';
import { type Tensor, type Tensor4D, tf } from '../../src/engine/tf.ts';

/**
 * A row's result must not depend on what it is batched with: planning one episode or sixteen, on one thread or two,
 * gives the same plans bit for bit. What ONNX Runtime keeps to on the CPU, measured here:
 *
 * - matrix products with constant weights, convolutions, softmax, layer normalisation, exp, sigmoid, tanh, erf, sqrt
 *   and maxima: always;
 * - other sums and means over the last axis: where its length, or the row's distance from where it stood before, is a
 *   multiple of 4 (sums start at an aligned address, so elsewhere their order of addition moves with the row);
 * - sums and means over other axes: from two rows on;
 * - matrix products whose weights are inputs: from two rows on, and for two or more columns;
 * - log, softplus, elu, sin, cos and atan: on one thread, for element counts that are multiples of 4 (the
 *   remainder is computed by other code that rounds the last bit otherwise).
 */
const width = 24;
const hiddenWidth = 66;
const actions = 2;
const horizon = 4;

interface Layout {
  /** How many numbers of a row the cost adds up. */
  readonly summed: number;
  readonly weightsAreInputs: boolean;
  readonly threads: number;
}

function normals(name: string, size: number, std = 1): Float32Array {
  const rng = createRng(0, name);
  return Float32Array.from({ length: size }, () => std * rng.normal());
}

const parameters: Readonly<Record<string, { readonly shape: number[]; readonly values: Float32Array }>> =
  Object.fromEntries(
    Object.entries({
      hidden: [width + actions, hiddenWidth],
      hiddenBias: [hiddenWidth],
      out: [hiddenWidth, width],
      outBias: [width],
      heads: [width, 3],
      filter: [4, 4, 3, 5],
    }).map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, values: normals(name, size, 0.3) }];
    }),
  );

const normalise = (x: Tensor): Tensor => {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5)));
};

/** z' = LN(z + MLP([z, a])) with SiLU, four times, then a softmax and a cost: [R, D] and [R, H A] -> [R, ...]. */
function rollOut(latent: Tensor, plan: Tensor, weights: Tensors, summed: number): Tensor[] {
  const rows = latent.shape[0]!;
  let z = latent;
  for (const action of tf.split(plan, horizon, 1)) {
    const hidden = tf.add(tf.matMul(tf.concat([z, action], 1), weights.hidden!), weights.hiddenBias!);
    const active = tf.mul(normalise(hidden), tf.sigmoid(normalise(hidden)));
    z = normalise(tf.add(z, tf.add(tf.matMul(active, weights.out!), weights.outBias!)));
  }
  const apart = tf.slice(tf.squaredDifference(z, latent), [0, 0], [rows, summed]);
  const cost = tf.sqrt(tf.sum(apart, 1, true));
  return [z, tf.softmax(tf.matMul(z, weights.heads!)), tf.erf(z), tf.tanh(z), cost];
}

/** [R, 12 x 12 x 3] -> spatial softmax of strided convolutions. */
function look(images: Tensor, weights: Tensors): Tensor {
  const rows = images.shape[0]!;
  const features = tf.conv2d(tf.reshape(images, [rows, 12, 12, 3]) as Tensor4D, weights.filter as Tensor4D, 2, 'valid');
  const maps = tf.transpose(tf.reshape(features, [rows, 25, 5]), [0, 2, 1]);
  return tf.reshape(tf.softmax(maps), [rows, 125]);
}

/** The weights are constants of the graph, as in a planner, or inputs, as while training. */
function program(rows: number, { summed, weightsAreInputs }: Layout): Program {
  const entries = Object.entries(parameters);
  const constants = (): Tensors =>
    Object.fromEntries(entries.map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]));
  return {
    name: `rollout-${rows}`,
    inputs: {
      latent: { shape: [rows, width] },
      plan: { shape: [rows, horizon * actions] },
      images: { shape: [rows, imageSize] },
      ...(weightsAreInputs ? Object.fromEntries(entries.map(([name, { shape }]) => [name, { shape }])) : {}),
    },
    run(inputs) {
      const weights = weightsAreInputs ? inputs : constants();
      const imagined = rollOut(inputs.latent!, inputs.plan!, weights, summed);
      return { rows: tf.concat([...imagined, look(inputs.images!, weights)], 1) };
    },
  };
}

const most = 1024;
const imageSize = 12 * 12 * 3;
const latents = normals('latent', most * width);
const plans = normals('plan', most * horizon * actions);
const images = normals('images', most * imageSize);

/** The results of rows `first` ... `first + rows - 1`, computed as a batch of their own. */
async function evaluate(rows: number, first: number, layout: Layout): Promise<Values> {
  const executable = await compile(program(rows, layout), { threads: layout.threads });
  const part = (values: Float32Array, size: number) => values.slice(first * size, (first + rows) * size);
  const weights = Object.entries(parameters).map(([name, { values }]) => [name, values]);
  const results = await executable.run({
    latent: part(latents, width),
    plan: part(plans, horizon * actions),
    images: part(images, imageSize),
    ...(layout.weightsAreInputs ? Object.fromEntries(weights) : {}),
  });
  await executable.dispose();
  return results.rows!;
}

test.each([
  { what: 'any batch, sums of multiples of 4', summed: 24, weightsAreInputs: false, sizes: [1, 2, 3, 17, 64, 257] },
  { what: 'batches of multiples of 4, any sum', summed: 9, weightsAreInputs: false, sizes: [4, 12, 64, 100, 256] },
  { what: 'any batch from 2 rows, weights as inputs', summed: 24, weightsAreInputs: true, sizes: [2, 3, 17, 64, 257] },
])('rows have the same bits in $what, on one thread and on two', async ({ sizes, ...layout }) => {
  const reference = await evaluate(most, 0, { ...layout, threads: 1 });
  const rowSize = reference.length / most;
  expect(reference.every(Number.isFinite)).toBe(true);
  for (const threads of [1, 2]) {
    for (const rows of [...sizes, most]) {
      // Taken from the end, so that rows stand elsewhere than they did.
      const first = most - rows;
      const got = await evaluate(rows, first, { ...layout, threads });
      const differing = got.filter((value, i) => !Object.is(value, reference[first * rowSize + i])).length;
      expect({ rows, threads, differing }).toEqual({ rows, threads, differing: 0 });
    }
  }
});

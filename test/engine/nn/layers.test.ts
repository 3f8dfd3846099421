import { createRng } from '../../../src/core/rng.ts';
import { loadEagerBackend } from '../../../src/engine/eager-backends.ts';
import { activation } from '../../../src/engine/nn/activation.ts';
import { attention, attentionSpecs } from '../../../src/engine/nn/attention.ts';
import { convSpecs } from '../../../src/engine/nn/conv.ts';
import { gruCell, gruCellSpecs } from '../../../src/engine/nn/gru-cell.ts';
import { layerNorm, layerNormSpecs } from '../../../src/engine/nn/layer-norm.ts';
import { linear, linearOfFirst, linearSpecs } from '../../../src/engine/nn/linear.ts';
import { messageSumSpecs } from '../../../src/engine/nn/message-sum.ts';
import { mlp, mlpSpecs } from '../../../src/engine/nn/mlp.ts';
import { normalise } from '../../../src/engine/nn/normalise.ts';
import { spatialSoftmaxSpecs } from '../../../src/engine/nn/spatial-softmax.ts';
import { transformerBlock, transformerBlockSpecs } from '../../../src/engine/nn/transformer-block.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { distance, normals, startOf } from '../../support/layer-case.ts';

await loadEagerBackend('cpu');
await tf.setBackend('cpu');

const numbers = (x: Tensor) => [...x.dataSync()];

describe('linear', () => {
  test('is x W + b over the last axis, whatever stands before it', () => {
    const parameters = startOf(linearSpecs('l', 3, 2));
    const x = normals([2, 4, 3]);
    const [w, b, given] = [numbers(parameters['l.weight']!), numbers(parameters['l.bias']!), numbers(x)];
    const y = linear(parameters, 'l', x);
    expect(y.shape).toEqual([2, 4, 2]);
    numbers(y).forEach((value, i) => {
      const [row, column] = [Math.floor(i / 2), i % 2];
      const products = [0, 1, 2].map((k) => given[3 * row + k]! * w[2 * k + column]!);
      expect(value).toBeCloseTo(b[column]! + products[0]! + products[1]! + products[2]!, 5);
    });
    expect(distance(linear(parameters, 'l', tf.reshape(x, [8, 3])), tf.reshape(y, [8, 2]))).toBe(0);
  });

  test('of the first inputs is that of all, the others being zero', () => {
    const parameters = startOf(linearSpecs('l', 5, 2));
    const x = normals([4, 3]);
    const padded = tf.concat([x, tf.zeros([4, 2])], 1);
    expect(distance(linearOfFirst(parameters, 'l', x), linear(parameters, 'l', padded))).toBe(0);
    expect(distance(linearOfFirst(parameters, 'l', padded), linear(parameters, 'l', padded))).toBe(0);
  });

  test('starts as zero, or goes without a bias, where the specs say so', () => {
    expect(numbers(linear(startOf(linearSpecs('l', 3, 2, { zero: true })), 'l', normals([1, 3])))).toEqual([0, 0]);
    const unbiased = startOf(linearSpecs('l', 3, 2, { bias: false }));
    expect(Object.keys(unbiased)).toEqual(['l.weight']);
    expect(numbers(linear(unbiased, 'l', tf.zeros([1, 3])))).toEqual([0, 0]);
  });
});

describe('mlp', () => {
  test('with a zero output adds nothing at first', () => {
    const parameters = startOf(mlpSpecs('m', [3, 8, 8, 2], { layerNorm: true, zeroOutput: true }));
    const y = mlp(parameters, 'm', normals([4, 5, 3]), { activation: 'gelu', layerNorm: true });
    expect(y.shape).toEqual([4, 5, 2]);
    expect(distance(y, tf.zeros([4, 5, 2]))).toBe(0);
  });

  test('is linear, norm, activation, linear', () => {
    const parameters = startOf(mlpSpecs('m', [3, 4, 2], { layerNorm: true }));
    const x = normals([5, 3]);
    const hidden = tf.relu(layerNorm(parameters, 'm.0.norm', linear(parameters, 'm.0', x)));
    const y = mlp(parameters, 'm', x, { activation: 'relu', layerNorm: true });
    expect(distance(y, linear(parameters, 'm.1', hidden))).toBe(0);
  });

  test('says when it is called unlike its specs', () => {
    const parameters = startOf(mlpSpecs('m', [3, 4, 2], { layerNorm: true }));
    expect(() => mlp(parameters, 'm', normals([1, 3]), { activation: 'relu' })).toThrow("mlp 'm' was called with");
    expect(() => mlp(parameters, 'n', normals([1, 3]), { activation: 'relu' })).toThrow("'n.0.weight' is missing");
    expect(() => mlpSpecs('m', [3])).toThrow('at least an input and an output');
  });
});

test('activations have the values of their definitions', () => {
  const x = tf.tensor([-2, -0.5, 0, 1, 3]);
  // python -c "import math; print([v / (1 + math.exp(-v)) for v in (-2, -.5, 0, 1, 3)])"
  const silu = [-0.2384058440442351, -0.1887703343990727, 0, 0.7310585786300049, 2.8577223804673];
  // python -c "import math; print([v * .5 * (1 + math.erf(v / 2 ** .5)) for v in (-2, -.5, 0, 1, 3)])"
  const gelu = [-0.04550026389635842, -0.15426876936299344, 0, 0.8413447460685429, 2.99595030590511];
  expect(numbers(activation('relu', x))).toEqual([0, 0, 0, 1, 3]);
  expect(distance(activation('silu', x), tf.tensor(silu))).toBeLessThan(1e-5);
  expect(distance(activation('gelu', x), tf.tensor(gelu))).toBeLessThan(1e-5);
});

describe('normalise', () => {
  test('gives mean 0 and variance 1, whatever the offset and scale', () => {
    const x = normals([6, 40]);
    const y = normalise(tf.add(tf.mul(x, 30), 100));
    const { mean, variance } = tf.moments(y, 1);
    for (const value of numbers(mean)) expect(value).toBeCloseTo(0, 4);
    for (const value of numbers(variance)) expect(value).toBeCloseTo(1, 4);
    expect(distance(y, normalise(x))).toBeLessThan(1e-3);
  });

  test('is what layer normalisation starts as', () => {
    const x = normals([3, 8]);
    expect(distance(layerNorm(startOf(layerNormSpecs('n', 8)), 'n', x), normalise(x))).toBe(0);
  });
});

describe('gruCell', () => {
  const specs = gruCellSpecs('g', 3, 4);

  test('keeps its state when the update gate is open, takes the candidate when it is shut', () => {
    const parameters = startOf(specs);
    const [x, state] = [normals([2, 3], 1), normals([2, 4], 2)];
    const withGates = (reset: number, update: number) => ({
      ...parameters,
      'g.input.bias': tf.tensor([...Array(4).fill(reset), ...Array(4).fill(update), 0, 0, 0, 0]),
    });
    expect(distance(gruCell(withGates(0, 50), 'g', x, state), state)).toBeLessThan(1e-6);

    const forgetful = gruCell(withGates(-50, -50), 'g', x, state);
    // Reset: of the hidden path only nothing is left, so the candidate is tanh of the input path alone.
    const candidate = tf.tanh(tf.slice(linear(withGates(-50, -50), 'g.input', x), [0, 8], [2, 4]));
    expect(distance(forgetful, candidate)).toBeLessThan(1e-6);
  });
});

describe('attention', () => {
  const parameters = startOf(attentionSpecs('a', 8));
  const tokens = normals([2, 5, 8]);

  test('of one token to itself is its own value', () => {
    const one = normals([3, 1, 8]);
    const value = tf.slice(linear(parameters, 'a.qkv', one), [0, 0, 16], [3, 1, 8]);
    expect(distance(attention(parameters, 'a', one, { heads: 2 }), linear(parameters, 'a.out', value))).toBeLessThan(
      1e-6,
    );
  });

  test('moves with a permutation of the tokens', () => {
    const order = tf.tensor1d([3, 0, 4, 1, 2], 'int32');
    const after = tf.gather(attention(parameters, 'a', tokens, { heads: 4 }), order, 1);
    const before = attention(parameters, 'a', tf.gather(tokens, order, 1), { heads: 4 });
    expect(distance(before, after)).toBeLessThan(1e-6);
  });

  test('made causal does not see what comes later', () => {
    const changed = tf.concat([tf.slice(tokens, [0, 0, 0], [2, 3, 8]), normals([2, 2, 8], 9)], 1);
    const past = (x: Tensor, causal: boolean) =>
      tf.slice(attention(parameters, 'a', x, { heads: 2, causal }), [0, 0, 0], [2, 3, 8]);
    expect(distance(past(tokens, true), past(changed, true))).toBe(0);
    expect(distance(past(tokens, false), past(changed, false))).toBeGreaterThan(0.01);
  });

  test('refuses heads that do not divide the width', () => {
    expect(() => attention(parameters, 'a', tokens, { heads: 3 })).toThrow('3 heads do not divide a width of 8');
  });
});

describe('transformerBlock', () => {
  test('conditioned starts as the identity; unconditioned does not', () => {
    const tokens = normals([2, 3, 8]);
    const specs = transformerBlockSpecs('t', 8, { conditioning: 5 });
    const conditioning = normals([2, 5]);
    expect(distance(transformerBlock(startOf(specs), 't', tokens, { heads: 2, conditioning }), tokens)).toBe(0);
    const plain = transformerBlock(startOf(transformerBlockSpecs('t', 8)), 't', tokens, { heads: 2 });
    expect(distance(plain, tokens)).toBeGreaterThan(0.01);
  });

  test('takes one condition a sequence or one a token', () => {
    const specs = transformerBlockSpecs('t', 8, { conditioning: 5 });
    const parameters = { ...startOf(specs), 't.modulation.weight': normals([5, 48]) };
    const tokens = normals([2, 3, 8]);
    const conditioning = normals([2, 5]);
    const perToken = tf.tile(tf.reshape(conditioning, [2, 1, 5]), [1, 3, 1]);
    const once = transformerBlock(parameters, 't', tokens, { heads: 2, conditioning });
    expect(
      distance(once, transformerBlock(parameters, 't', tokens, { heads: 2, conditioning: perToken })),
    ).toBeLessThan(1e-5);
    expect(() => transformerBlock(parameters, 't', tokens, { heads: 2 })).toThrow(
      'made with conditioning and called without',
    );
  });
});

test('parameters of every layer begin with the prefix that it was given', () => {
  const specs = {
    ...linearSpecs('net.a', 2, 2),
    ...layerNormSpecs('net.b', 2),
    ...mlpSpecs('net.c', [2, 3, 2], { layerNorm: true }),
    ...convSpecs('net.d', 1, 2, { kernel: 3 }),
    ...spatialSoftmaxSpecs('net.e'),
    ...gruCellSpecs('net.f', 2, 2),
    ...attentionSpecs('net.g', 2),
    ...transformerBlockSpecs('net.h', 2, { conditioning: 2 }),
    ...messageSumSpecs('net.i', 2, 2),
  };
  for (const name of Object.keys(specs)) expect(name).toMatch(/^net\.[a-i]\.[a-z0-9.]+$/);
  const rng = createRng(0);
  for (const { shape, init } of Object.values(specs))
    expect(init(shape, rng).length).toBe(shape.reduce((size, length) => size * length, 1));
});

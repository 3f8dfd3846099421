import { loadEagerBackend } from '../../../src/engine/eager-backends.ts';
import { bilinearCrop } from '../../../src/engine/nn/bilinear-crop.ts';
import { conv, convSpecs } from '../../../src/engine/nn/conv.ts';
import { inChunks } from '../../../src/engine/nn/in-chunks.ts';
import { messageSum, messageSumSpecs } from '../../../src/engine/nn/message-sum.ts';
import { spatialSoftmax, spatialSoftmaxSpecs } from '../../../src/engine/nn/spatial-softmax.ts';
import { transposedConv, transposedConvSpecs } from '../../../src/engine/nn/transposed-conv.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { distance, normals, startOf } from '../../support/layer-case.ts';

await loadEagerBackend('cpu');
await tf.setBackend('cpu');

const numbers = (x: Tensor) => [...x.dataSync()];

test.each([
  [1, 0, 3],
  [2, 1, 4],
  [1, 1, 3],
  [4, 0, 4],
])('conv of stride %d and padding %d is the sum over its window', (stride, pad, kernel) => {
  const [side, inputs, outputs] = [8, 2, 3];
  const parameters = startOf(convSpecs('c', inputs, outputs, { kernel }));
  const x = normals([1, side, side, inputs]);
  const y = conv(parameters, 'c', x, { stride, pad });
  const across = Math.floor((side + 2 * pad - kernel) / stride) + 1;
  expect(y.shape).toEqual([1, across, across, outputs]);
  const [w, b, given] = [parameters['c.weight']!, parameters['c.bias']!, x].map(numbers) as [
    number[],
    number[],
    number[],
  ];
  numbers(y).forEach((value, i) => {
    const [row, column, output] = [Math.floor(i / outputs / across), Math.floor(i / outputs) % across, i % outputs];
    let sum = b[output]!;
    for (let dy = 0; dy < kernel; dy++) {
      for (let dx = 0; dx < kernel; dx++) {
        const [py, px] = [row * stride + dy - pad, column * stride + dx - pad];
        if (py < 0 || px < 0 || py >= side || px >= side) continue;
        for (let c = 0; c < inputs; c++)
          sum += given[(py * side + px) * inputs + c]! * w[((dy * kernel + dx) * inputs + c) * outputs + output]!;
      }
    }
    expect(value).toBeCloseTo(sum, 4);
  });
});

test('transposedConv is the transpose of the convolution of stride 2 by the same filter', () => {
  const [side, inputs, outputs] = [5, 3, 2];
  const parameters = startOf(transposedConvSpecs('t', inputs, outputs));
  const filter = parameters['t.weight']! as tf.Tensor4D;
  const x = normals([1, side, side, inputs]);
  const y = transposedConv(parameters, 't', x);
  expect(y.shape).toEqual([1, 2 * side, 2 * side, outputs]);
  // <T x, v> = <x, C v> for every v, whatever T and C.
  const v = normals(y.shape);
  const linear = tf.sub(y, parameters['t.bias']!);
  const product = (a: Tensor, b: Tensor): number => numbers(tf.sum(tf.mul(a, b)))[0]!;
  expect(product(linear, v)).toBeCloseTo(product(x, tf.conv2d(v as tf.Tensor4D, filter, 2, 1)), 3);
});

describe('spatialSoftmax', () => {
  const parameters = startOf(spatialSoftmaxSpecs('s'));

  test('points at a single hot pixel and gives its value', () => {
    const [height, width] = [3, 5];
    for (const [row, column] of [
      [0, 0],
      [1, 3],
      [2, 4],
    ] as const) {
      const heat = tf.buffer([1, height, width, 1]);
      heat.set(50, 0, row, column, 0);
      const values = normals([1, height, width, 1]);
      const [x, y, value] = numbers(spatialSoftmax(parameters, 's', heat.toTensor(), values));
      expect(x).toBeCloseTo((2 * column + 1) / width - 1, 5);
      expect(y).toBeCloseTo((2 * row + 1) / height - 1, 5);
      expect(value).toBeCloseTo(numbers(values)[row * width + column]!, 5);
    }
  });

  test('points at the middle where nothing stands out, each map on its own', () => {
    const heat = tf.concat([tf.ones([1, 4, 6, 1]), normals([1, 4, 6, 1])], 3);
    const positions = spatialSoftmax(parameters, 's', heat);
    expect(positions.shape).toEqual([1, 2, 2]);
    const [x, y, otherX] = numbers(positions);
    expect(x).toBeCloseTo(0, 5);
    expect(y).toBeCloseTo(0, 5);
    expect(Math.abs(otherX!)).toBeGreaterThan(0.01);
  });
});

describe('bilinearCrop', () => {
  const images = normals([2, 7, 9, 3]);

  test('at whole pixels is a slice', () => {
    const centres = tf.tensor([3, 2, 7, 5, 1, 4, 4, 4], [2, 2, 2]);
    const crops = bilinearCrop(images, centres, { size: 3 });
    expect(crops.shape).toEqual([2, 2, 3, 3, 3]);
    for (const [row, window, x, y] of [
      [0, 0, 3, 2],
      [0, 1, 7, 5],
      [1, 0, 1, 4],
      [1, 1, 4, 4],
    ] as const) {
      const expected = tf.slice(images, [row, y - 1, x - 1, 0], [1, 3, 3, 3]);
      const crop = tf.slice(crops, [row, window, 0, 0, 0], [1, 1, 3, 3, 3]);
      expect(distance(tf.reshape(crop, [1, 3, 3, 3]), expected)).toBe(0);
    }
  });

  test('between pixels mixes them in proportion, also at even sizes', () => {
    const ramp = tf.tensor(
      Float32Array.from({ length: 63 }, (_, i) => (i % 9) + 10 * Math.floor(i / 9)),
      [1, 7, 9, 1],
    );
    const crop = bilinearCrop(ramp, tf.tensor([4.25, 3.5], [1, 1, 2]), { size: 2 });
    // Samples at x 3.75, 4.75 and y 3, 4 of x + 10 y.
    expect(distance(crop, tf.tensor([33.75, 34.75, 43.75, 44.75], [1, 1, 2, 2, 1]))).toBeLessThan(1e-4);
  });

  test('is zero outside the picture', () => {
    const crop = bilinearCrop(tf.ones([1, 4, 4, 1]), tf.tensor([0, 1], [1, 1, 2]), { size: 3 });
    expect(numbers(crop)).toEqual([0, 1, 1, 0, 1, 1, 0, 1, 1]);
    const far = bilinearCrop(tf.ones([1, 4, 4, 1]), tf.tensor([40, -9], [1, 1, 2]), { size: 3 });
    expect(numbers(far)).toEqual(Array(9).fill(0));
  });

  test('refuses shapes that do not go together', () => {
    expect(() => bilinearCrop(images, normals([3, 1, 2]), { size: 3 })).toThrow('got [2,7,9,3] and [3,1,2]');
  });
});

describe('messageSum', () => {
  const parameters = startOf(messageSumSpecs('m', 3, 5));
  const slots = normals([2, 4, 3]);
  const all = tf.ones([2, 4]);

  test('moves with a permutation of the slots', () => {
    const order = tf.tensor1d([2, 0, 3, 1], 'int32');
    const presence = tf.tensor([1, 1, 0, 1, 1, 1, 1, 0], [2, 4]);
    const after = tf.gather(messageSum(parameters, 'm', slots, presence), order, 1);
    const before = messageSum(parameters, 'm', tf.gather(slots, order, 1), tf.gather(presence, order, 1));
    expect(distance(before, after)).toBeLessThan(1e-6);
  });

  test('hears nothing from absent slots, nor do they hear', () => {
    const presence = tf.tensor([1, 1, 1, 0, 1, 1, 1, 0], [2, 4]);
    const changed = tf.concat([tf.slice(slots, [0, 0, 0], [2, 3, 3]), normals([2, 1, 3], 5)], 1);
    const heard = messageSum(parameters, 'm', slots, presence);
    expect(distance(heard, messageSum(parameters, 'm', changed, presence))).toBe(0);
    expect(numbers(tf.slice(heard, [0, 3, 0], [2, 1, 5]))).toEqual(Array(10).fill(0));
    const fewer = messageSum(parameters, 'm', tf.slice(slots, [0, 0, 0], [2, 3, 3]), tf.ones([2, 3]));
    expect(distance(tf.slice(heard, [0, 0, 0], [2, 3, 5]), fewer)).toBeLessThan(1e-6);
  });

  test('is the sum of its pairs, none with itself', () => {
    const alone = messageSum(parameters, 'm', tf.slice(slots, [0, 0, 0], [2, 1, 3]), tf.ones([2, 1]));
    expect(numbers(alone)).toEqual(Array(10).fill(0));
    // What slot 0 hears from 1, 2 and 3, each alone with it.
    const pairs = [1, 2, 3].map((other) => {
      const two = tf.gather(slots, tf.tensor1d([0, other], 'int32'), 1);
      return tf.slice(messageSum(parameters, 'm', two, tf.ones([2, 2])), [0, 0, 0], [2, 1, 5]);
    });
    const first = tf.slice(messageSum(parameters, 'm', slots, all), [0, 0, 0], [2, 1, 5]);
    expect(distance(first, tf.addN(pairs))).toBeLessThan(1e-6);
  });
});

describe('inChunks', () => {
  test('gives what the function gives on the whole', () => {
    const x = normals([12, 3]);
    const f = (part: Tensor) => tf.softmax(tf.mul(part, 2));
    for (const count of [1, 2, 3, 12]) expect(distance(inChunks(x, count, f), f(x))).toBe(0);
  });

  test('refuses parts of unequal size', () => {
    expect(() => inChunks(normals([12, 3]), 5, (part) => part)).toThrow('12 rows do not split into 5 equal parts');
  });
});

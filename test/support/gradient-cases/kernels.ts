import fc from 'fast-check';
import type { Rng } from '../../../src/core/rng.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { kernelCases } from '../kernel-cases/index.ts';
import {
  axesOf,
  axisOf,
  between,
  bit,
  broadcastShapes,
  callKernel,
  type KernelCase,
  kernelCase,
  nonZero,
  operand,
  shape,
} from '../kernel-cases/kernel-case.ts';

type Draw = (rng: Rng) => number;

/** Between -3 and 3, at least 0.1 away from the kinks at the given places. */
const awayFrom =
  (...kinks: readonly number[]): Draw =>
  (rng) => {
    for (;;) {
      const value = rng.between(-3, 3);
      if (kinks.every((kink) => Math.abs(value - kink) > 0.1)) return value;
    }
  };

const smooth: Draw = (rng) => rng.normal();
const wellPositive: Draw = (rng) => rng.between(0.5, 3);

function unary(kernel: string, run: (x: Tensor) => Tensor, draw: Draw = smooth): KernelCase {
  return kernelCase(kernel, shape(0, 4), (dims, rng) => ({
    operands: [operand(dims, rng, draw)],
    run: ([x]) => run(x!),
  }));
}

function binary(
  kernel: string,
  run: (a: Tensor, b: Tensor) => Tensor,
  drawA: Draw = smooth,
  drawB: Draw = drawA,
): KernelCase {
  return kernelCase(kernel, broadcastShapes, ([a, b], rng) => ({
    operands: [operand(a, rng, drawA), operand(b, rng, drawB)],
    run: ([x, y]) => run(x!, y!),
  }));
}

/** The first operand on one lattice, the second on another, so that the two are never near each other. */
const apart: readonly [Draw, Draw] = [(rng) => (rng.integer(21) - 10) / 4, (rng) => (rng.integer(21) - 10) / 4 + 0.125];

const reduced = shape(0, 4).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    axes: fc.oneof(fc.constant(undefined), axesOf(dims.length)),
    keepDims: fc.boolean(),
  }),
);

function reduction(
  kernel: string,
  run: (x: Tensor, axes?: number[], keepDims?: boolean) => Tensor,
  distinct = false,
): KernelCase {
  return kernelCase(kernel, reduced, ({ dims, axes, keepDims }, rng) => {
    const x = operand(dims, rng, smooth);
    // Far enough from each other that a perturbation changes no extremum.
    if (distinct) x.values.set(rng.shuffled([...x.values.keys()]).map((rank) => 0.1 * rank - 2));
    return { operands: [x], run: ([value]) => run(value!, axes, keepDims) };
  });
}

function alongAxis(kernel: string, run: (x: Tensor, axis: number) => Tensor): KernelCase {
  return kernelCase(
    kernel,
    shape(1, 4).chain((dims) => fc.record({ dims: fc.constant(dims), axis: axisOf(dims.length) })),
    ({ dims, axis }, rng) => ({ operands: [operand(dims, rng, smooth)], run: ([x]) => run(x!, axis) }),
  );
}

/** These only move values, or are linear in each operand: the draws of the kernel tests serve as they are. */
const multilinear = new Set([
  'AddN',
  'BatchMatMul',
  'Concat',
  'ExpandDims',
  'Pack',
  'PadV2',
  'Reshape',
  'Reverse',
  'Slice',
  'SplitV',
  'Tile',
  'Transpose',
  'Unpack',
]);

export const kernelGradientCases: readonly KernelCase[] = [
  ...kernelCases.filter(({ kernel }) => multilinear.has(kernel)),

  unary('Abs', tf.abs, awayFrom(0)),
  unary('Atan', tf.atan),
  unary('Cast', (x) => tf.cast(x, 'float32')),
  unary('Cos', tf.cos),
  unary('Elu', tf.elu, awayFrom(0)),
  unary('Erf', tf.erf),
  unary('Exp', tf.exp),
  unary('Expm1', tf.expm1),
  unary('Identity', (x) => tf.clone(x)),
  unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.3), awayFrom(0)),
  unary('Log', tf.log, wellPositive),
  unary('Log1p', tf.log1p, between(-0.5, 3)),
  unary('Neg', tf.neg),
  unary('Reciprocal', tf.reciprocal, (rng) => (rng.chance(0.5) ? -1 : 1) * wellPositive(rng)),
  unary('Relu', tf.relu, awayFrom(0)),
  unary('Relu6', (x) => tf.relu6(tf.mul(x, 3)), awayFrom(0, 2)),
  unary('Rsqrt', tf.rsqrt, wellPositive),
  unary('Sigmoid', tf.sigmoid),
  unary('Sin', tf.sin),
  unary('Softplus', tf.softplus),
  unary('Sqrt', tf.sqrt, wellPositive),
  unary('Square', tf.square),
  unary('Tanh', tf.tanh),
  unary('ClipByValue', (x) => tf.clipByValue(x, -1, 1.5), awayFrom(-1, 1.5)),
  // Steps: their gradient is zero everywhere but at the jumps. The term beside them carries one through.
  unary('Ceil', (x) => tf.add(tf.ceil(x), tf.sin(x)), awayFrom(-3, -2, -1, 0, 1, 2, 3)),
  unary('Floor', (x) => tf.add(tf.floor(x), tf.sin(x)), awayFrom(-3, -2, -1, 0, 1, 2, 3)),
  unary('Round', (x) => tf.add(tf.round(x), tf.sin(x)), awayFrom(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)),
  unary('Sign', (x) => tf.mul(tf.sign(x), x), awayFrom(0)),
  unary('Step', (x) => tf.mul(tf.step(x, 0.2), x), awayFrom(0)),
  unary('ZerosLike', (x) => tf.add(tf.zerosLike(x), x)),
  unary('OnesLike', (x) => tf.mul(tf.onesLike(x), x)),

  binary('Add', tf.add),
  binary('Sub', tf.sub),
  binary('Multiply', tf.mul),
  binary('RealDiv', tf.div, smooth, (rng) => (rng.chance(0.5) ? -1 : 1) * wellPositive(rng)),
  binary('SquaredDifference', tf.squaredDifference),
  binary('Pow', tf.pow, wellPositive, between(-2, 3)),
  binary('Atan2', tf.atan2, nonZero, wellPositive),
  binary('Maximum', tf.maximum, ...apart),
  binary('Minimum', tf.minimum, ...apart),
  kernelCase('Select', broadcastShapes, ([a, b], rng) => ({
    operands: [operand(a, rng, bit, 'int32'), operand(b, rng, smooth), operand(b, rng, smooth)],
    run: ([condition, x, y]) => tf.where(tf.cast(condition!, 'bool'), x!, y!),
  })),

  reduction('Sum', tf.sum),
  reduction('Mean', tf.mean),
  reduction('Max', tf.max, true),
  reduction('Min', tf.min, true),
  alongAxis('Softmax', (x) => tf.softmax(x)),
  alongAxis('LogSoftmax', (x) => callKernel('LogSoftmax', { logits: x }, { axis: -1 }, () => tf.logSoftmax(x))),
  kernelCase(
    'Cumsum',
    fc.record({
      dims: shape(1, 4),
      axis: fc.nat({ max: 3 }),
      exclusive: fc.boolean(),
      reverse: fc.boolean(),
    }),
    ({ dims, axis, exclusive, reverse }, rng) => ({
      operands: [operand(dims, rng, smooth)],
      run: ([x]) => tf.cumsum(x!, axis % dims.length, exclusive, reverse),
    }),
  ),
  kernelCase(
    'GatherV2',
    fc.record({ dims: shape(1, 4), rows: shape(0, 2), axis: fc.nat({ max: 3 }) }),
    ({ dims, rows, axis }, rng) => {
      const along = axis % dims.length;
      return {
        // With repetitions, whose gradients add up.
        operands: [operand(dims, rng, smooth), operand(rows, rng, (r) => r.integer(dims[along]!), 'int32')],
        run: ([x, indices]) => tf.gather(x!, indices!, along),
      };
    },
  ),
  // Strides and pads, not dilations: TensorFlow.js has no gradient of dilated convolutions.
  kernelCase(
    'Conv2D',
    fc.record({
      channels: fc.integer({ min: 1, max: 3 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      filter: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      extra: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })),
      strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      pad: fc.constantFrom<'same' | 'valid' | [[number, number], [number, number], [number, number], [number, number]]>(
        'same',
        'valid',
        [
          [0, 0],
          [1, 0],
          [0, 2],
          [0, 0],
        ],
      ),
    }),
    ({ channels, outputs, filter, extra, strides, pad }, rng) => ({
      operands: [
        operand([2, filter[0] + extra[0], filter[1] + extra[1], channels], rng, smooth),
        operand([...filter, channels, outputs], rng, smooth),
      ],
      run: ([x, weights]) => tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, strides, pad),
    }),
  ),
  kernelCase(
    'Conv2DBackpropInput',
    fc.record({
      channels: fc.integer({ min: 1, max: 3 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      filter: fc.integer({ min: 1, max: 3 }),
      size: fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 3, max: 6 })),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.constantFrom('same', 'valid'),
    }),
    ({ channels, outputs, filter, size: [height, width], stride, pad }, rng) => {
      const windows = (length: number): number => Math.ceil((pad === 'same' ? length : length - filter + 1) / stride);
      return {
        operands: [
          operand([2, windows(height), windows(width), outputs], rng, smooth),
          operand([filter, filter, channels, outputs], rng, smooth),
        ],
        run: ([dy, weights]) =>
          tf.conv2dTranspose(dy as tf.Tensor4D, weights as tf.Tensor4D, [2, height, width, channels], stride, pad),
      };
    },
  ),
  kernelCase(
    'MaxPool',
    fc.record({
      window: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.constantFrom('same', 'valid'),
    }),
    ({ window, stride, pad }, rng) => {
      // All different and a tenth apart: the largest stays the largest.
      const values = rng.shuffled(Array.from({ length: 2 * 5 * 4 * 2 }, (_, i) => i / 10 - 4));
      return {
        operands: [operand([2, 5, 4, 2], rng, () => values.pop()!)],
        run: ([x]) => tf.maxPool(x as tf.Tensor4D, window, stride, pad),
      };
    },
  ),
];

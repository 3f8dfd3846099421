import fc from 'fast-check';
import { type Tensor, type Tensor1D, type Tensor4D, tf } from '../../../src/engine/tf.ts';
import {
  callKernel,
  exact,
  type KernelCase,
  kernelCase,
  operand,
  positive,
  real,
  summed,
  type Tolerance,
} from './kernel-case.ts';

/** Sums of up to a hundred products of numbers around 2. */
const convolved: Tolerance = { relative: 1e-5, absolute: 1e-4 };

type Pair = readonly [number, number];
type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

interface Window {
  readonly batch: number;
  readonly size: Pair;
  readonly channels: number;
  readonly filter: Pair;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Pad;
}

const pairOf = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

const explicitPad = fc.tuple(pairOf(0, 2), pairOf(0, 2)).map(([rows, columns]): Pad => [[0, 0], rows, columns, [0, 0]]);

/**
 * Images at least as large as the dilated window; TensorFlow allows strides or dilations, not both. A pad given as
 * one number goes with square windows and strides: TensorFlow.js works out the width from the height's.
 */
const windows = ({ dilated, explicit }: { dilated: boolean; explicit: boolean }): fc.Arbitrary<Window> =>
  fc
    .record({
      batch: fc.integer({ min: 1, max: 3 }),
      extra: pairOf(0, 5),
      channels: fc.integer({ min: 1, max: 3 }),
      filter: pairOf(1, 4),
      strides: pairOf(1, 3),
      dilations: dilated
        ? fc.oneof(
            { weight: 2, arbitrary: fc.constant<[number, number]>([1, 1]) },
            { weight: 1, arbitrary: pairOf(1, 3) },
          )
        : fc.constant<[number, number]>([1, 1]),
      pad: explicit
        ? fc.oneof(fc.constantFrom<Pad>('same', 'valid', 0, 1), explicitPad)
        : fc.constantFrom<Pad>('same', 'valid', 0, 1),
    })
    .map(({ extra, pad, ...drawn }) => {
      const undilated = drawn.dilations.every((dilation) => dilation === 1);
      const square = ([side]: [number, number]): [number, number] => [side, side];
      const numeric = typeof pad === 'number';
      const filter = numeric ? square(drawn.filter) : drawn.filter;
      const dilations = numeric ? square(drawn.dilations) : drawn.dilations;
      const strides: [number, number] = !undilated ? [1, 1] : numeric ? square(drawn.strides) : drawn.strides;
      const sideOf = (axis: 0 | 1) => extra[axis] + (filter[axis] - 1) * dilations[axis] + 1;
      // A pad as wide as the window would leave windows of padding alone.
      return {
        ...drawn,
        filter,
        dilations,
        strides,
        pad: pad === 1 && filter[0] < 2 ? 0 : pad,
        size: [sideOf(0), sideOf(1)],
      };
    });

const imageOf = ({ batch, size, channels }: Window) => [batch, ...size, channels];

const convolution = (
  kernel: string,
  { dilated, depthwise }: { dilated: boolean; depthwise: boolean },
  run: (x: Tensor4D, filter: Tensor4D, window: Window) => Tensor,
): KernelCase =>
  kernelCase(
    kernel,
    fc.tuple(windows({ dilated, explicit: true }), fc.integer({ min: 1, max: 4 })),
    ([window, outputs], rng) => ({
      operands: [
        operand(imageOf(window), rng, real),
        operand([...window.filter, window.channels, depthwise ? 1 + (outputs % 2) : outputs], rng, real),
      ],
      run: ([x, filter]) => run(x as Tensor4D, filter as Tensor4D, window),
    }),
    convolved,
  );

const conv2d = (x: Tensor4D, filter: Tensor4D, { strides, pad, dilations }: Window): Tensor =>
  tf.conv2d(x, filter, strides, pad, 'NHWC', dilations);

const depthwise = (x: Tensor4D, filter: Tensor4D, { strides, pad, dilations }: Window): Tensor =>
  tf.depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations);

const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu');

const fused = (kernel: string, isDepthwise: boolean): KernelCase =>
  kernelCase(
    kernel,
    fc.tuple(windows({ dilated: true, explicit: true }), fc.integer({ min: 1, max: 4 }), activations),
    ([window, outputs, activation], rng) => {
      const channels = isDepthwise ? window.channels : outputs;
      return {
        operands: [
          operand(imageOf(window), rng, real),
          operand([...window.filter, window.channels, isDepthwise ? 1 : outputs], rng, real),
          operand([channels], rng, real),
          operand([channels], rng, real),
        ],
        run: ([x, filter, bias, slope]) => {
          const common = {
            x: x as Tensor4D,
            filter: filter as Tensor4D,
            strides: window.strides,
            // Explicit pads work, though the declarations leave them out.
            pad: window.pad as 'same',
            dilations: window.dilations,
            bias: bias!,
            activation: activation as 'linear',
            leakyreluAlpha: 0.3,
          };
          const options = activation === 'prelu' ? { ...common, preluActivationWeights: slope! } : common;
          return isDepthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
        },
      };
    },
    convolved,
  );

const pooling = (kernel: string, run: (x: Tensor4D, window: Window) => Tensor, tolerance: Tolerance): KernelCase =>
  kernelCase(
    kernel,
    windows({ dilated: false, explicit: false }),
    (window, rng) => ({
      // No ties, so that the gradient of the maximum has one place to go.
      operands: [operand(imageOf(window), rng, (r) => r.normal())],
      run: ([x]) => run(x as Tensor4D, window),
    }),
    tolerance,
  );

const maxPool = (x: Tensor4D, { filter, strides, pad }: Window) => tf.maxPool(x, [...filter], strides, pad as 'same');
const avgPool = (x: Tensor4D, { filter, strides, pad }: Window) => tf.avgPool(x, [...filter], strides, pad as 'same');

export const convolutionCases: readonly KernelCase[] = [
  convolution('Conv2D', { dilated: true, depthwise: false }, conv2d),
  convolution('Conv2DBackpropInput', { dilated: false, depthwise: false }, (x, filter, { strides, pad, ...window }) => {
    // Any function of the right shape serves as the gradient that comes from above.
    const dy = tf.sin(conv2d(x, filter, { strides, pad, ...window }));
    return callKernel('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape, strides, pad, dataFormat: 'NHWC' });
  }),
  convolution(
    'Conv2DBackpropFilter',
    { dilated: false, depthwise: false },
    (x, filter, { strides, pad, ...window }) => {
      const dy = tf.sin(conv2d(x, filter, { strides, pad, ...window }));
      const attributes = { filterShape: filter.shape, strides, pad, dataFormat: 'NHWC' };
      return callKernel('Conv2DBackpropFilter', { x, dy }, attributes);
    },
  ),
  fused('FusedConv2D', false),
  convolution('DepthwiseConv2dNative', { dilated: true, depthwise: true }, depthwise),
  // Undilated: TensorFlow.js's `cpu` kernels leave dilations out of these two.
  convolution('DepthwiseConv2dNativeBackpropInput', { dilated: false, depthwise: true }, (x, filter, window) => {
    const { strides, pad, dilations } = window;
    const dy = tf.sin(depthwise(x, filter, window));
    const attributes = { inputShape: x.shape, strides, pad, dilations };
    return callKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, attributes);
  }),
  convolution('DepthwiseConv2dNativeBackpropFilter', { dilated: false, depthwise: true }, (x, filter, window) => {
    const { strides, pad, dilations } = window;
    const dy = tf.sin(depthwise(x, filter, window));
    const attributes = { filterShape: filter.shape, strides, pad, dilations };
    return callKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, attributes);
  }),
  fused('FusedDepthwiseConv2D', true),
  pooling('MaxPool', maxPool, exact),
  pooling(
    'MaxPoolGrad',
    (input, window) => {
      const output = maxPool(input, window);
      const { filter: filterSize, strides, pad } = window;
      return callKernel('MaxPoolGrad', { dy: tf.sin(output), input, output }, { filterSize, strides, pad });
    },
    summed,
  ),
  pooling('AvgPool', avgPool, summed),
  pooling(
    'AvgPoolGrad',
    (input, window) => {
      const { filter: filterSize, strides, pad } = window;
      return callKernel('AvgPoolGrad', { dy: tf.sin(avgPool(input, window)), input }, { filterSize, strides, pad });
    },
    summed,
  ),
  kernelCase(
    'FusedBatchNorm',
    fc.tuple(windows({ dilated: false, explicit: false }), fc.boolean(), fc.boolean()),
    ([window, shifted, scaled], rng) => ({
      operands: [
        operand(imageOf(window), rng, real),
        operand([window.channels], rng, real),
        operand([window.channels], rng, positive),
        operand([window.channels], rng, real),
        operand([window.channels], rng, real),
      ],
      run: ([x, mean, variance, offset, scale]) =>
        tf.batchNorm(
          x!,
          mean as Tensor1D,
          variance as Tensor1D,
          shifted ? (offset as Tensor1D) : undefined,
          scaled ? (scale as Tensor1D) : undefined,
          1e-3,
        ),
    }),
    summed,
  ),
];

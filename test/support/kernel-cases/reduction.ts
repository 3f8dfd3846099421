import fc from 'fast-check';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import {
  axesOf,
  axisOf,
  bit,
  callKernel,
  close,
  exact,
  integer,
  type KernelCase,
  kernelCase,
  nonZero,
  operand,
  real,
  shape,
  small,
  summed,
  type Tolerance,
} from './kernel-case.ts';

type Reduce = (x: Tensor, axes?: number | number[], keepDims?: boolean) => Tensor;

/** Some axes, one axis, or all of them (undefined). */
const reduced = shape(0, 5).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    axes: fc.oneof(
      fc.constant(undefined),
      axesOf(dims.length),
      dims.length === 0 ? fc.constant(undefined) : axisOf(dims.length),
    ),
    keepDims: fc.boolean(),
  }),
);

function reduction(kernel: string, run: Reduce, tolerance: Tolerance, draw = real): KernelCase {
  return kernelCase(
    kernel,
    reduced,
    ({ dims, axes, keepDims }, rng) => ({
      operands: [operand(dims, rng, draw)],
      run: ([x]) => run(x!, axes, keepDims),
    }),
    tolerance,
  );
}

function integerReduction(kernel: string, run: Reduce): KernelCase {
  return kernelCase(kernel, reduced, ({ dims, axes, keepDims }, rng) => ({
    operands: [operand(dims, rng, integer, 'int32')],
    run: ([x]) => run(x!, axes, keepDims),
  }));
}

function booleanReduction(kernel: string, run: Reduce): KernelCase {
  return kernelCase(kernel, reduced, ({ dims, axes, keepDims }, rng) => ({
    operands: [operand(dims, rng, bit, 'int32')],
    run: ([x]) => run(tf.cast(x!, 'bool'), axes, keepDims),
  }));
}

const alongAxis = shape(1, 5, 6).chain((dims) => fc.record({ dims: fc.constant(dims), axis: axisOf(dims.length) }));

/** Equal values are among them: the first wins. */
function arg(kernel: string, run: (x: Tensor, axis: number) => Tensor): KernelCase {
  return kernelCase(kernel, alongAxis, ({ dims, axis }, rng) => ({
    operands: [operand(dims, rng, rng.chance(0.5) ? small : real)],
    run: ([x]) => run(x!, axis),
  }));
}

export const reductionCases: readonly KernelCase[] = [
  reduction('Sum', tf.sum, summed),
  integerReduction('Sum', tf.sum),
  reduction('Mean', tf.mean, summed),
  reduction('Prod', tf.prod, summed, nonZero),
  reduction('Max', tf.max, exact),
  integerReduction('Max', tf.max),
  reduction('Min', tf.min, exact),
  integerReduction('Min', tf.min),
  booleanReduction('All', tf.all),
  booleanReduction('Any', tf.any),
  arg('ArgMax', tf.argMax),
  arg('ArgMin', tf.argMin),
  kernelCase(
    'Cumsum',
    fc.tuple(alongAxis, fc.boolean(), fc.boolean()),
    ([{ dims, axis }, exclusive, reverse], rng) => ({
      operands: [operand(dims, rng, real)],
      // Counted from the front: negative axes are not in the operation's definition.
      run: ([x]) => tf.cumsum(x!, axis < 0 ? axis + dims.length : axis, exclusive, reverse),
    }),
    summed,
  ),
  // Over the last axis only: that is the kernel's definition.
  kernelCase(
    'Softmax',
    fc.tuple(shape(1, 5, 7), fc.constantFrom(1, 30)),
    ([dims, scale], rng) => ({
      operands: [operand(dims, rng, (r) => scale * r.normal())],
      run: ([x]) => tf.softmax(x!),
    }),
    close,
  ),
  kernelCase(
    'LogSoftmax',
    fc.tuple(shape(1, 5, 7), fc.constantFrom(1, 30)),
    ([dims, scale], rng) => ({
      operands: [operand(dims, rng, (r) => scale * r.normal())],
      // tf.logSoftmax spells it out instead of calling the kernel.
      run: ([x]) => callKernel('LogSoftmax', { logits: x! }, { axis: -1 }, () => tf.logSoftmax(x!)),
    }),
    summed,
  ),
];

import fc from 'fast-check';
import { type Tensor1D, tf } from '../../../src/engine/tf.ts';
import {
  indexBelow,
  integer,
  type KernelCase,
  kernelCase,
  operand,
  real,
  shape,
  small,
  summed,
} from './kernel-case.ts';

/** Any axis, indices of rank 0 ... 3, with leading axes shared as batches or not. */
const gathered = fc
  .tuple(shape(1, 4), shape(0, 2), fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.boolean())
  .map(([dims, extra, a, b, fromEnd]) => {
    const axis = a % dims.length;
    const batchDims = b % (axis + 1);
    return {
      dims,
      indexShape: [...dims.slice(0, batchDims), ...extra],
      axis: fromEnd ? axis - dims.length : axis,
      batchDims,
    };
  });

const alongLast = shape(1, 4, 6).chain((dims) =>
  fc.record({ dims: fc.constant(dims), k: fc.integer({ min: 1, max: dims[dims.length - 1]! }) }),
);

export const indexingCases: readonly KernelCase[] = [
  kernelCase(
    'GatherV2',
    fc.tuple(gathered, fc.boolean()),
    ([{ dims, indexShape, axis, batchDims }, integers], rng) => ({
      operands: [
        integers ? operand(dims, rng, integer, 'int32') : operand(dims, rng, real),
        operand(indexShape, rng, indexBelow(dims[axis < 0 ? axis + dims.length : axis]!), 'int32'),
      ],
      run: ([x, indices]) => tf.gather(x!, indices as Tensor1D, axis, batchDims),
    }),
  ),
  kernelCase(
    'GatherNd',
    shape(1, 4).chain((dims) =>
      fc.record({ dims: fc.constant(dims), depth: fc.integer({ min: 1, max: dims.length }), rows: shape(1, 2) }),
    ),
    ({ dims, depth, rows }, rng) => {
      const indices = operand([...rows, depth], rng, () => 0, 'int32');
      for (let i = 0; i < indices.values.length; i++) indices.values[i] = rng.integer(dims[i % depth]!);
      return { operands: [operand(dims, rng, real), indices], run: ([x, at]) => tf.gatherND(x!, at!) };
    },
  ),
  kernelCase(
    'ScatterNd',
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), shape(0, 2)),
    ([rows, count, rest], rng) => ({
      operands: [operand([count, 1], rng, indexBelow(rows), 'int32'), operand([count, ...rest], rng, real)],
      run: ([at, updates]) => tf.scatterND(at!, updates!, [rows, ...rest]),
    }),
    summed,
  ),
  kernelCase(
    'TensorScatterUpdate',
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 5 }), shape(0, 2)),
    ([rows, extra, rest], rng) => {
      // Each row at most once: which of two updates stays is not defined.
      const chosen = rng.shuffled(Array.from({ length: rows }, (_, i) => i)).slice(0, 1 + (extra % rows));
      return {
        operands: [
          operand([rows, ...rest], rng, real),
          { shape: [chosen.length, 1], dtype: 'int32', values: Int32Array.from(chosen) },
          operand([chosen.length, ...rest], rng, real),
        ],
        run: ([x, at, updates]) => tf.tensorScatterUpdate(x!, at!, updates!),
      };
    },
  ),
  kernelCase(
    'UnsortedSegmentSum',
    fc.tuple(shape(1, 4), fc.integer({ min: 1, max: 5 })),
    ([dims, segments], rng) => ({
      operands: [operand(dims, rng, real), operand([dims[0]!], rng, indexBelow(segments), 'int32')],
      run: ([x, ids]) => tf.unsortedSegmentSum(x!, ids as Tensor1D, segments),
    }),
    summed,
  ),
  kernelCase(
    'OneHot',
    fc.tuple(shape(0, 3), fc.integer({ min: 2, max: 5 }), fc.constantFrom([1, 0], [2.5, -1])),
    ([dims, depth, [on, off]], rng) => ({
      // An index outside makes a row of `off`.
      operands: [operand(dims, rng, (r) => r.integer(depth + 2) - 1, 'int32')],
      run: ([x]) => tf.oneHot(x!, depth, on, off, 'float32'),
    }),
  ),
  // Among equals the lowest index comes first.
  kernelCase('TopK', alongLast, ({ dims, k }, rng) => ({
    operands: [operand(dims, rng, rng.chance(0.5) ? small : real)],
    run: ([x]) => {
      const { values, indices } = tf.topk(x!, k, true);
      return [values, indices];
    },
  })),
];

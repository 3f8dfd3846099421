import fc from 'fast-check';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import {
  axisOf,
  callKernel,
  close,
  integer,
  type KernelCase,
  kernelCase,
  operand,
  permutation,
  real,
  shape,
} from './kernel-case.ts';

const withAxis = (minRank: number, maxRank = 5) =>
  shape(minRank, maxRank).chain((dims) => fc.record({ dims: fc.constant(dims), axis: axisOf(dims.length) }));

/** Another shape of the same size: neighbours merged, ones put in, one length left to infer. */
const reshaped = shape(0, 5).chain((dims) =>
  fc
    .record({ merge: fc.nat({ max: 5 }), one: fc.nat({ max: 5 }), infer: fc.option(fc.nat({ max: 5 })) })
    .map(({ merge, one, infer }) => {
      const to = [...dims];
      if (merge + 1 < to.length) to.splice(merge, 2, to[merge]! * to[merge + 1]!);
      if (one <= to.length) to.splice(one, 0, 1);
      if (infer !== null && infer < to.length) to[infer] = -1;
      return { dims, to };
    }),
);

/** A window of each axis: [begin, size], the size sometimes -1 for "to the end". */
const sliced = shape(1, 5, 5).chain((dims) =>
  fc
    .tuple(
      ...dims.map((length) =>
        fc
          .nat({ max: length - 1 })
          .chain((begin) => fc.tuple(fc.constant(begin), fc.integer({ min: 1, max: length - begin }), fc.boolean())),
      ),
    )
    .map((windows) => ({
      dims,
      begin: windows.map(([begin]) => begin),
      size: windows.map(([begin, size, toEnd], i) => (toEnd && begin + size === dims[i] ? -1 : size)),
    })),
);

/** Begins and ends from either side, strides of either sign, masks, new and dropped axes. */
const strided = shape(1, 4, 6).chain((dims) =>
  fc
    .record({
      dims: fc.constant(dims),
      begin: fc.tuple(...dims.map((length) => fc.integer({ min: -length, max: length - 1 }))),
      end: fc.tuple(...dims.map((length) => fc.integer({ min: -length, max: length }))),
      strides: fc.tuple(...dims.map(() => fc.constantFrom(1, 2, 3, -1, -2))),
      beginMask: fc.nat({ max: 2 ** dims.length - 1 }),
      endMask: fc.nat({ max: 2 ** dims.length - 1 }),
      shrinkAxisMask: fc.constantFrom(0, 0, 1),
    })
    // TensorFlow.js's `cpu` kernel reads out of bounds where a dropped axis meets strides or an empty range.
    .map((drawn) => {
      if (drawn.shrinkAxisMask === 0) return drawn;
      const [first] = drawn.begin as number[];
      const begin = drawn.dims.map((_, axis) => (axis === 0 ? first! : 0));
      return { ...drawn, begin, end: drawn.dims, strides: drawn.dims.map(() => 1), beginMask: 0 };
    }),
);

const padded = (limit: (length: number) => number) =>
  shape(1, 5).chain((dims) =>
    fc
      .tuple(...dims.map((length) => fc.tuple(fc.nat({ max: limit(length) }), fc.nat({ max: limit(length) }))))
      .map((paddings) => ({ dims, paddings: paddings as [number, number][] })),
  );

/** Shapes equal but for one axis. */
const joined = withAxis(1).chain(({ dims, axis }) =>
  fc.record({
    dims: fc.constant(dims),
    axis: fc.constant(axis),
    lengths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  }),
);

const split = withAxis(1).chain(({ dims, axis }) =>
  fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }).map((sizes) => {
    const full = [...dims];
    full[axis < 0 ? axis + dims.length : axis] = sizes.reduce((sum, size) => sum + size, 0);
    return { dims: full, axis, sizes };
  }),
);

const fromDims = <T extends { dims: number[] }>(
  kernel: string,
  attributes: fc.Arbitrary<T>,
  run: (x: Tensor, attributes: T) => Tensor | Tensor[],
): KernelCase =>
  kernelCase(kernel, fc.tuple(attributes, fc.boolean()), ([drawn, integers], rng) => ({
    operands: [integers ? operand(drawn.dims, rng, integer, 'int32') : operand(drawn.dims, rng, real)],
    run: ([x]) => run(x!, drawn),
  }));

export const layoutCases: readonly KernelCase[] = [
  fromDims('Reshape', reshaped, (x, { to }) => tf.reshape(x, to)),
  fromDims(
    'ExpandDims',
    shape(0, 4).chain((dims) => fc.record({ dims: fc.constant(dims), axis: axisOf(dims.length + 1) })),
    (x, { axis }) => tf.expandDims(x, axis),
  ),
  fromDims(
    'Transpose',
    shape(0, 5).chain((dims) => fc.record({ dims: fc.constant(dims), order: fc.option(permutation(dims.length)) })),
    (x, { order }) => tf.transpose(x, order ?? undefined),
  ),
  fromDims('Slice', sliced, (x, { begin, size }) => tf.slice(x, begin, size)),
  fromDims('StridedSlice', strided, (x, { begin, end, strides, beginMask, endMask, shrinkAxisMask }) =>
    tf.stridedSlice(x, begin, end, strides, beginMask, endMask, 0, 0, shrinkAxisMask),
  ),
  fromDims(
    'PadV2',
    fc
      .tuple(
        padded(() => 3),
        fc.constantFrom(0, 1, -2),
      )
      .map(([pads, value]) => ({ ...pads, value })),
    (x, { paddings, value }) => tf.pad(x, paddings, value),
  ),
  fromDims(
    'MirrorPad',
    padded((length) => Math.min(2, length - 1)),
    (x, { paddings }) => tf.mirrorPad(x, paddings, 'reflect'),
  ),
  fromDims(
    'MirrorPad',
    padded((length) => Math.min(2, length)),
    (x, { paddings }) => tf.mirrorPad(x, paddings, 'symmetric'),
  ),
  fromDims(
    'Tile',
    shape(1, 5, 3).chain((dims) =>
      fc.record({ dims: fc.constant(dims), reps: fc.tuple(...dims.map(() => fc.integer({ min: 1, max: 3 }))) }),
    ),
    (x, { reps }) => tf.tile(x, reps),
  ),
  fromDims(
    'Reverse',
    shape(1, 5).chain((dims) =>
      fc.record({
        dims: fc.constant(dims),
        axes: fc.subarray(
          dims.map((_, i) => i),
          { minLength: 1 },
        ),
      }),
    ),
    (x, { axes }) => tf.reverse(x, axes),
  ),
  fromDims(
    'BroadcastTo',
    shape(0, 5).chain((to) =>
      fc
        .tuple(fc.nat({ max: to.length }), fc.array(fc.boolean(), { minLength: to.length, maxLength: to.length }))
        .map(([drop, ones]) => ({ to, dims: to.map((length, i) => (ones[i] ? 1 : length)).slice(drop) })),
    ),
    (x, { to }) => callKernel('BroadcastTo', { x }, { shape: to, inputShape: x.shape }, () => tf.broadcastTo(x, to)),
  ),
  fromDims('SplitV', split, (x, { sizes, axis }) => tf.split(x, sizes, axis)),
  fromDims('Unpack', withAxis(1), (x, { axis }) => tf.unstack(x, axis)),
  kernelCase('Concat', fc.tuple(joined, fc.boolean()), ([{ dims, axis, lengths }, integers], rng) => ({
    operands: lengths.map((length) => {
      const part = [...dims];
      part[axis < 0 ? axis + dims.length : axis] = length;
      return integers ? operand(part, rng, integer, 'int32') : operand(part, rng, real);
    }),
    run: (xs) => tf.concat(xs, axis),
  })),
  kernelCase(
    'Pack',
    shape(0, 4).chain((dims) =>
      fc.record({ dims: fc.constant(dims), axis: axisOf(dims.length + 1), count: fc.integer({ min: 1, max: 4 }) }),
    ),
    ({ dims, axis, count }, rng) => ({
      operands: Array.from({ length: count }, () => operand(dims, rng, real)),
      run: (xs) => tf.stack(xs, axis),
    }),
  ),
  // Constants made while tracing become part of the graph.
  kernelCase('Fill', fc.tuple(shape(0, 4), fc.constantFrom(0, 1, -2.5)), ([dims, value], rng) => ({
    operands: [operand(dims, rng, real)],
    run: ([x]) => tf.add(x!, tf.fill(dims, value)),
  })),
  kernelCase('Range', fc.integer({ min: 1, max: 9 }), (count, rng) => ({
    operands: [operand([count], rng, real)],
    run: ([x]) => tf.add(x!, tf.range(0, count)),
  })),
  kernelCase(
    'LinSpace',
    fc.integer({ min: 2, max: 9 }),
    (count, rng) => ({
      operands: [operand([count], rng, real)],
      run: ([x]) => tf.mul(x!, tf.linspace(0.5, 1.5, count)),
    }),
    // TensorFlow.js adds up the steps in single precision.
    close,
  ),
];

import * as tf from '@tensorflow/tfjs-core';
import type { KernelGradient } from './define.ts';

/** Gradients of what moves elements about without changing them. */
export const structureGradients: readonly KernelGradient[] = [
  { kernel: 'Reshape', keep: ['x'], backward: (dy, { x }) => ({ x: () => tf.reshape(dy, x!.shape) }) },
  {
    kernel: 'ExpandDims',
    keep: ['input'],
    backward: (dy, { input }) => ({ input: () => tf.reshape(dy, input!.shape) }),
  },
  {
    kernel: 'Transpose',
    backward: (dy, _, { perm }) => ({
      x: () => {
        const inverse = perm.map((_, axis) => perm.indexOf(axis));
        return tf.transpose(dy, inverse);
      },
    }),
  },
  { kernel: 'Reverse', backward: (dy, _, { dims }) => ({ x: () => tf.reverse(dy, dims) }) },
  {
    kernel: 'Slice',
    keep: ['x', 'y'],
    backward: (dy, { x, y }, { begin }) => ({
      x: () =>
        tf.pad(
          dy,
          x!.shape.map((length, i): [number, number] => [begin[i]!, length - begin[i]! - y!.shape[i]!]),
        ),
    }),
  },
  {
    kernel: 'PadV2',
    keep: ['x'],
    backward: (dy, { x }, { paddings }) => ({
      x: () =>
        tf.slice(
          dy,
          paddings.map(([before]) => before),
          x!.shape,
        ),
    }),
  },
  {
    kernel: 'Tile',
    keep: ['x'],
    backward: (dy, { x }, { reps }) => ({
      x: () => {
        // [r0 n0, r1 n1, ...] -> [r0, n0, r1, n1, ...], then sum over the repeats.
        const interleaved = x!.shape.flatMap((length, i) => [reps[i]!, length]);
        const repeats = x!.shape.map((_, i) => 2 * i);
        return tf.sum(tf.reshape(dy, interleaved), repeats);
      },
    }),
  },
  {
    kernel: 'GatherV2',
    keep: ['x', 'indices'],
    backward: (dy, { x, indices }, { axis, batchDims }) => ({
      x: () => gatherGradient(dy, x!, indices!, axis as number, batchDims),
    }),
  },
];

/** Adds up dy, with the gathered axis brought to the front, by index. */
function gatherGradient(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number, batchDims: number): tf.Tensor {
  if (batchDims !== 0) throw new Error('gather has a gradient for batchDims 0 only; fold the batch into the indices');
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + 1);
  const flat = tf.reshape(dy, [...before, indices.size, ...after]);
  const front = [axis, ...range(0, axis), ...range(axis + 1, x.rank)];
  const summed = tf.unsortedSegmentSum(
    axis === 0 ? flat : tf.transpose(flat, front),
    tf.reshape(indices, [-1]) as tf.Tensor1D,
    x.shape[axis]!,
  );
  const back = [...range(1, axis + 1), 0, ...range(axis + 1, x.rank)];
  return axis === 0 ? summed : tf.transpose(summed, back);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

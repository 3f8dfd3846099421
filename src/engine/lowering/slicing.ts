import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

export const slicing: Lowerings = {
  [tf.Slice]: lowering<'x', tf.SliceAttrs>((g, { x }, { begin, size }) => {
    const [from, count] = tf.slice_util.parseSliceParams(
      { ...x, shape: [...x.shape], dtype: 'float32', dataId: {} },
      begin,
      size,
    );
    return g.slice(x, from!, count!);
  }),
  [tf.StridedSlice]: lowering<'x', tf.StridedSliceAttrs>((g, { x }, attrs) => {
    const info = tf.slice_util.sliceInfo(
      [...x.shape],
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const size = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
    return g.reshape(g.slice(x, info.begin, size, info.strides), info.finalShape);
  }),
  [tf.Reverse]: lowering<'x', tf.ReverseAttrs>((g, { x }, { dims }) => {
    const axes = x.shape.length === 0 ? [] : tf.util.parseAxisParam(dims, [...x.shape]);
    const begin = x.shape.map((dimension, axis) => (axes.includes(axis) ? dimension - 1 : 0));
    const step = x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1));
    return g.slice(x, begin, x.shape, step);
  }),
  [tf.PadV2]: lowering<'x', tf.PadV2Attrs>((g, { x }, { paddings, constantValue }) =>
    pad(g, x, paddings, constantValue),
  ),
  [tf.MirrorPad]: lowering<'x', tf.MirrorPadAttrs>((g, { x }, { paddings, mode }) =>
    paddings.reduce((padded, [before, after], axis) => {
      if (before === 0 && after === 0) return padded;
      const indices = mirrored(x.shape[axis]!, before, after, mode === 'reflect' ? 1 : 0);
      const shape = padded.shape.with(axis, indices.length);
      return g.node('Gather', [padded, g.list(indices)], { type: x.type, shape }, { axis });
    }, x),
  ),
};

/** Constant padding, in pairs of elements before and after each axis. */
export function pad(g: GraphBuilder, x: Value, paddings: readonly (readonly [number, number])[], fill = 0): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((dimension, axis) => dimension + paddings[axis]![0] + paddings[axis]![1]);
  const pads = g.list([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  return g.node('Pad', [x, pads, g.scalar(fill, x.type)], { type: x.type, shape }, { mode: 'constant' });
}

/** Indices of an axis continued past both ends by reflection; `skip` 1 leaves the edge element single. */
function mirrored(length: number, before: number, after: number, skip: 0 | 1): number[] {
  return Array.from({ length: before + length + after }, (_, i) => {
    const index = i - before;
    if (index < 0) return -index - 1 + skip;
    return index < length ? index : 2 * length - 1 - index - skip;
  });
}

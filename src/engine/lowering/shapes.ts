import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

export const shapes: Lowerings = {
  [tf.Identity]: lowering<'x'>((_, { x }) => x),
  [tf.Reshape]: lowering<'x', tf.ReshapeAttrs>((g, { x }, { shape }) =>
    g.reshape(x, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape([...x.shape]))),
  ),
  [tf.ExpandDims]: lowering<'input', tf.ExpandDimsAttrs>((g, { input }, { dim }) => {
    const axis = dim < 0 ? input.shape.length + dim + 1 : dim;
    return g.reshape(input, input.shape.toSpliced(axis, 0, 1));
  }),
  [tf.Transpose]: lowering<'x', tf.TransposeAttrs>((g, { x }, { perm }) => g.transpose(x, perm)),
  [tf.Cast]: lowering<'x', tf.CastAttrs>((g, { x }, { dtype }) => {
    if (dtype === 'complex64' || dtype === 'string') throw new RangeError(`no cast to ${dtype} in a program`);
    return g.cast(x, dtype);
  }),
  [tf.Concat]: lowering<string, tf.ConcatAttrs>((g, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const [along] = tf.util.parseAxisParam(axis, [...tensors[0]!.shape]);
    const filled = tensors.filter(({ shape }) => shape[along!] !== 0);
    return g.concat(filled.length === 0 ? tensors : filled, along!);
  }),
  [tf.Pack]: lowering<string, tf.PackAttrs>((g, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const along = axis < 0 ? axis + tensors[0]!.shape.length + 1 : axis;
    return g.concat(
      tensors.map((x) => g.reshape(x, x.shape.toSpliced(along, 0, 1))),
      along,
    );
  }),
  [tf.Unpack]: lowering<'value', tf.UnpackAttrs>((g, { value }, { axis }) => {
    const along = axis < 0 ? axis + value.shape.length : axis;
    const rest = value.shape.toSpliced(along, 1);
    const count = value.shape[along]!;
    if (count === 1) return [g.reshape(value, rest)];
    const part = { type: value.type, shape: value.shape.with(along, 1) };
    const sizes = g.list(Array.from({ length: count }, () => 1));
    const parts = g.nodes('Split', [value, sizes], new Array(count).fill(part), { axis: along });
    return parts.map((x) => g.reshape(x, rest));
  }),
  [tf.SplitV]: lowering<'x', tf.SplitVAttrs>((g, { x }, { numOrSizeSplits, axis }) => {
    const [along] = tf.util.parseAxisParam(axis, [...x.shape]) as [number];
    const parts = { shape: [...x.shape] } as tf.Tensor;
    const sizes = tf.backend_util.prepareSplitSize(parts, numOrSizeSplits, along);
    if (sizes.length === 1) return [x];
    const results = sizes.map((size) => ({ type: x.type, shape: x.shape.with(along, size) }));
    return g.nodes('Split', [x, g.list(sizes)], results, { axis: along });
  }),
  [tf.Tile]: lowering<'x', tf.TileAttrs>((g, { x }, { reps }) => {
    if (reps.every((count) => count === 1)) return x;
    const shape = x.shape.map((dimension, i) => dimension * reps[i]!);
    // Expand repeats without copying through Tile's loop, where every repeated axis has one element.
    const expandable = x.shape.every((dimension, i) => dimension === 1 || reps[i] === 1);
    const list = g.list(expandable ? shape : reps);
    return g.node(expandable ? 'Expand' : 'Tile', [x, list], { type: x.type, shape });
  }),
  [tf.BroadcastTo]: lowering<'x', tf.BroadCastToAttrs>((g, { x }, { shape }) =>
    g.node('Expand', [x, g.list(shape)], { type: x.type, shape }),
  ),
};

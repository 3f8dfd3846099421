import { sizeOf, type Value } from '../onnx/graph.ts';
import { filled, type GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

export const indexing: Lowerings = {
  [tf.GatherV2]: lowering<'x' | 'indices', tf.GatherV2Attrs>((g, { x, indices }, { axis, batchDims }) => {
    const [along] = tf.util.parseAxisParam(axis, [...x.shape]) as [number];
    return batchDims === 0 ? gather(g, x, indices, along) : gatherBatched(g, x, indices, along, batchDims);
  }),
  [tf.GatherNd]: lowering<'params' | 'indices'>((g, { params, indices }) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return g.node('GatherND', [params, g.cast(indices, 'int64')], { type: params.type, shape });
  }),
  [tf.UnsortedSegmentSum]: lowering<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>(
    (g, { x, segmentIds }, { numSegments }) => segmentSum(g, x, segmentIds, numSegments),
  ),
  [tf.ScatterNd]: lowering<'indices' | 'updates', tf.ScatterNdAttrs>((g, { indices, updates }, { shape }) =>
    scatterAdd(g, filled(g, updates.type, shape, 0), indices, updates),
  ),
  [tf.TensorScatterUpdate]: lowering<'tensor' | 'indices' | 'updates'>((g, { tensor, indices, updates }) =>
    g.node('ScatterND', [tensor, g.cast(indices, 'int64'), updates], tensor),
  ),
  [tf.OneHot]: lowering<'indices', tf.OneHotAttrs>((g, { indices }, { depth, onValue, offValue, dtype }) => {
    const type = dtype === 'float32' || dtype === 'bool' ? dtype : 'int32';
    const classes = g.constant(
      'int32',
      [depth],
      Int32Array.from({ length: depth }, (_, i) => i),
    );
    const hit = g.binary('Equal', g.reshape(indices, [...indices.shape, 1]), classes, 'bool');
    if (type === 'bool') return onValue === 1 && offValue === 0 ? hit : g.unary('Not', hit);
    return g.where(hit, g.scalar(onValue, type), g.scalar(offValue, type));
  }),
  [tf.TopK]: lowering<'x', tf.TopKAttrs>((g, { x }, { k, sorted }) => {
    const shape = x.shape.with(-1, k);
    const results = [
      { type: x.type, shape },
      { type: 'int64', shape },
    ] as const;
    const [values, indices] = g.nodes('TopK', [x, g.list([k])], results, { axis: -1, sorted: Number(sorted) });
    return [values!, g.cast(indices!, 'int32')];
  }),
};

function gather(g: GraphBuilder, x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return g.node('Gather', [x, indices], { type: x.type, shape }, { axis });
}

/** Each batch element with indices of its own: [B, axis, outer, inner] gathered row by row. */
function gatherBatched(g: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  const batch = sizeOf(x.shape.slice(0, batchDims));
  const outer = sizeOf(x.shape.slice(batchDims, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const count = sizeOf(indices.shape.slice(batchDims));
  const rows = g.transpose(g.reshape(x, [batch, outer, x.shape[axis]!, inner]), [0, 2, 1, 3]);
  const picks = g.cast(g.reshape(indices, [batch, count, 1]), 'int64');
  const picked = g.node(
    'GatherND',
    [rows, picks],
    { type: x.type, shape: [batch, count, outer, inner] },
    { batch_dims: 1 },
  );
  const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
  return g.reshape(g.transpose(picked, [0, 2, 1, 3]), shape);
}

/** Sums rows of `x` by segment. Identifiers out of range add to nothing: they land in a row that is cut off. */
function segmentSum(g: GraphBuilder, x: Value, segmentIds: Value, segments: number): Value {
  const rank = segmentIds.shape.length;
  const rest = x.shape.slice(rank);
  const count = sizeOf(segmentIds.shape);
  const limit = g.scalar(segments, 'int32');
  const outside = g.binary(
    'Or',
    g.binary('Less', segmentIds, g.scalar(0, 'int32'), 'bool'),
    g.binary('GreaterOrEqual', segmentIds, limit, 'bool'),
  );
  const rows = g.reshape(g.where(outside, limit, segmentIds), [count, 1]);
  const sums = scatterAdd(g, filled(g, x.type, [segments + 1, ...rest], 0), rows, g.reshape(x, [count, ...rest]));
  return g.slice(sums, [0, ...rest.map(() => 0)], [segments, ...rest]);
}

function scatterAdd(g: GraphBuilder, target: Value, indices: Value, updates: Value): Value {
  return g.node('ScatterND', [target, g.cast(indices, 'int64'), updates], target, { reduction: 'add' });
}

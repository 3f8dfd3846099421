import type { OnnxType, Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowering, type Lowerings, lowering } from './lowering.ts';

interface ReductionAttrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

const reduction = (op: string): Lowering =>
  lowering<'x', ReductionAttrs>((g, { x }, { axis, keepDims }) => reduce(g, op, x, axis, keepDims));

/** On truth values, as integers. */
const logical = (op: string): Lowering =>
  lowering<'x', ReductionAttrs>((g, { x }, { axis, keepDims }) =>
    g.cast(reduce(g, op, g.cast(x, 'int32'), axis, keepDims), 'bool'),
  );

const argument = (op: string): Lowering =>
  lowering<'x', tf.ArgMaxAttrs>((g, { x }, { axis }) => {
    const [along] = tf.util.parseAxisParam(axis, [...x.shape]);
    const shape = x.shape.filter((_, i) => i !== along);
    const source = x.type === 'bool' ? g.cast(x, 'int32') : x;
    return g.cast(g.node(op, [source], { type: 'int64', shape }, { axis: along!, keepdims: 0 }), 'int32');
  });

export const reductions: Lowerings = {
  [tf.Sum]: reduction('ReduceSum'),
  [tf.Prod]: reduction('ReduceProd'),
  [tf.Min]: reduction('ReduceMin'),
  [tf.Max]: lowering<'x', tf.MaxAttrs>((g, { x }, { reductionIndices, keepDims }) =>
    reduce(g, 'ReduceMax', x, reductionIndices, keepDims),
  ),
  [tf.Mean]: lowering<'x', tf.MeanAttrs>((g, { x }, { axis, keepDims }) =>
    reduce(g, 'ReduceMean', g.cast(x, 'float32'), axis, keepDims),
  ),
  [tf.All]: logical('ReduceMin'),
  [tf.Any]: logical('ReduceMax'),
  [tf.ArgMax]: argument('ArgMax'),
  [tf.ArgMin]: argument('ArgMin'),
  [tf.Cumsum]: lowering<'x', tf.CumsumAttrs>((g, { x }, { axis, exclusive, reverse }) => {
    const source = x.type === 'bool' ? g.cast(x, 'int32') : x;
    const along = g.scalar(axis < 0 ? axis + x.shape.length : axis, 'int32');
    return g.node('CumSum', [source, along], source, { exclusive: Number(exclusive), reverse: Number(reverse) });
  }),
};

function reduce(g: GraphBuilder, op: string, x: Value, axis: number | number[], keepDims: boolean): Value {
  const axes = tf.util.parseAxisParam(axis, [...x.shape]);
  const shape = x.shape.flatMap((dimension, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [dimension]));
  const type: OnnxType = x.type === 'bool' ? 'int32' : x.type;
  // An empty list of axes would mean "all of them" to ONNX.
  if (axes.length === 0) return g.cast(x, type);
  // ONNX Runtime has no opset 18 extremes and products over its int32 without axes; all take a list of them.
  const list = g.list([...axes].sort((a, b) => a - b));
  return g.node(op, [g.cast(x, type), list], { type, shape }, { keepdims: Number(keepDims) });
}

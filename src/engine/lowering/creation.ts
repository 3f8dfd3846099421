import { sizeOf } from '../onnx/graph.ts';
import { constantOf, filled } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

/** Kernels whose results are known while tracing. */
export const creation: Lowerings = {
  [tf.ZerosLike]: lowering<'x'>((g, { x }) => filled(g, x.type, x.shape, 0)),
  [tf.OnesLike]: lowering<'x'>((g, { x }) => filled(g, x.type, x.shape, 1)),
  [tf.Fill]: lowering<never, tf.FillAttrs>((g, _, { shape, value, dtype }) => {
    const type = dtype ?? 'float32';
    if (typeof value === 'string' || type === 'string' || type === 'complex64') {
      throw new RangeError(`no tensors of ${type} in a program`);
    }
    return g.constant(type, shape, constantOf(type, value, sizeOf(shape)));
  }),
  [tf.Range]: lowering<never, tf.RangeAttrs>((g, _, { start, stop, step, dtype }) => {
    const wrongWay = (start < stop && step < 0) || (stop < start && step > 1);
    const count = start === stop || wrongWay ? 0 : Math.abs(Math.ceil((stop - start) / step));
    const stride = stop < start && step === 1 ? -1 : step;
    const values = Array.from({ length: count }, (_item, i) => start + i * stride);
    return g.constant(dtype, [count], dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values));
  }),
  [tf.LinSpace]: lowering<never, tf.LinSpaceAttrs>((g, _, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return g.constant(
      'float32',
      [num],
      Float32Array.from({ length: num }, (_item, i) => start + i * step),
    );
  }),
};

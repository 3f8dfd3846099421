import type { Value } from '../onnx/graph.ts';
import { filled, type GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { type ConvInfo, fromChannelsFirst, toChannelsFirst, window } from './layout.ts';
import { type Lowerings, lowering } from './lowering.ts';
import { pad } from './slicing.ts';

export const pools: Lowerings = {
  [tf.AvgPool]: lowering<'x', tf.AvgPoolAttrs>((g, { x }, attrs) => pool(g, 'AveragePool', x, attrs)),
  [tf.MaxPool]: lowering<'x', tf.MaxPoolAttrs>((g, { x }, attrs) => pool(g, 'MaxPool', x, attrs)),
  [tf.AvgPoolGrad]: lowering<'dy' | 'input', tf.AvgPoolGradAttrs>((g, { dy, input }, attrs) => {
    const info = poolInfo(input, attrs);
    // TensorFlow.js divides by the whole window here, padding included.
    const share = g.scalar(1 / (info.filterHeight * info.filterWidth), 'float32');
    const taps = filled(g, 'float32', [info.inChannels, 1, info.filterHeight, info.filterWidth], 1);
    return spread(g, toChannelsFirst(g, g.binary('Mul', dy, share)), taps, info);
  }),
  [tf.MaxPoolGrad]: lowering<'dy' | 'input' | 'output', tf.MaxPoolGradAttrs>((g, { dy, input, output }, attrs) =>
    maxPoolGradient(g, dy, input, output, poolInfo(input, attrs)),
  ),
};

interface PoolAttrs {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function poolInfo(x: Value, { filterSize, strides, pad: padding, dimRoundingMode }: PoolAttrs): ConvInfo {
  const shape = [...x.shape] as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, padding, dimRoundingMode);
}

function pool(g: GraphBuilder, op: 'AveragePool' | 'MaxPool', x: Value, attrs: PoolAttrs): Value {
  const info = poolInfo(x, attrs);
  const shape = [info.batchSize, info.inChannels, info.outHeight, info.outWidth];
  const { strides, pads } = window(info);
  const kernel = [info.filterHeight, info.filterWidth];
  const result = { type: x.type, shape };
  return fromChannelsFirst(g, g.node(op, [toChannelsFirst(g, x)], result, { kernel_shape: kernel, strides, pads }));
}

/** Scatters values of the pooled grid [N, C x K, h, w] back over the input, one group of K taps a channel. */
function spread(g: GraphBuilder, values: Value, taps: Value, info: ConvInfo): Value {
  const { padInfo } = info;
  const covered = [
    (info.outHeight - 1) * info.strideHeight + info.filterHeight - padInfo.top - padInfo.bottom,
    (info.outWidth - 1) * info.strideWidth + info.filterWidth - padInfo.left - padInfo.right,
  ] as const;
  const dx = g.node(
    'ConvTranspose',
    [values, taps],
    { type: values.type, shape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth] },
    {
      ...window(info),
      group: info.inChannels,
      output_padding: [info.inHeight - covered[0], info.inWidth - covered[1]],
    },
  );
  return fromChannelsFirst(g, dx);
}

/** The gradient goes to the first largest element of each window, in reading order, as TensorFlow.js has it. */
function maxPoolGradient(g: GraphBuilder, dy: Value, input: Value, output: Value, info: ConvInfo): Value {
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { batchSize, inChannels } = info;
  const rows = [padInfo.top, padInfo.bottom] as const;
  const columns = [padInfo.left, padInfo.right] as const;
  const padded = pad(g, input, [[0, 0], rows, columns, [0, 0]], Number.NEGATIVE_INFINITY);
  const size = [batchSize, outHeight, outWidth, inChannels];
  const step = [1, strideHeight, strideWidth, 1];
  const zero = g.scalar(0, 'float32');

  const shares: Value[] = [];
  let open: Value | null = null;
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      const hit = g.binary('Equal', g.slice(padded, [0, row, column, 0], size, step), output, 'bool');
      const first: Value = open === null ? hit : g.binary('And', hit, open, 'bool');
      open = open === null ? g.unary('Not', hit) : g.binary('And', open, g.unary('Not', hit), 'bool');
      shares.push(g.reshape(g.where(first, dy, zero), [...size, 1]));
    }
  }
  const places = filterHeight * filterWidth;
  const values = g.reshape(g.concat(shares, 4), [batchSize, outHeight, outWidth, inChannels * places]);
  const taps = Float32Array.from({ length: inChannels * places * places }, (_, i) =>
    Math.floor(i / places) % places === i % places ? 1 : 0,
  );
  const filter = g.constant('float32', [inChannels * places, 1, filterHeight, filterWidth], taps);
  return spread(g, toChannelsFirst(g, values), filter, info);
}

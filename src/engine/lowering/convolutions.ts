import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { tf } from '../tf.ts';
import { activate } from './activations.ts';
import { filterGradient, gradientByConvolution } from './filter-gradient.ts';
import { type ConvInfo, type DataFormat, fromChannelsFirst, toChannelsFirst, window } from './layout.ts';
import { type Lowerings, lowering } from './lowering.ts';
import { convolveTiles, isTiling, tilesFilterGradient, tilesInputGradient } from './tiles.ts';

type Fused = 'x' | 'filter' | 'bias' | 'preluActivationWeights';

export const convolutions: Lowerings = {
  [tf.Conv2D]: lowering<'x' | 'filter', tf.Conv2DAttrs>((g, { x, filter }, attrs) =>
    convolve(g, x, filter, convInfo(x.shape, filter.shape, attrs), attrs.dataFormat),
  ),
  [tf.FusedConv2D]: lowering<Fused, tf.FusedConv2DAttrs>((g, { x, filter, bias, preluActivationWeights }, attrs) => {
    const y = convolve(g, x, filter, convInfo(x.shape, filter.shape, attrs), attrs.dataFormat);
    return activate(g, addBias(g, y, bias, attrs.dataFormat), attrs, preluActivationWeights);
  }),
  [tf.Conv2DBackpropInput]: lowering<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>((g, { dy, filter }, attrs) => {
    const info = convInfo(attrs.inputShape, filter.shape, attrs);
    if (isTiling(info)) return tilesInputGradient(g, dy, filter, info);
    const w = g.transpose(filter, [3, 2, 0, 1]);
    return inputGradient(g, dy, w, info, 1, attrs.dataFormat);
  }),
  [tf.Conv2DBackpropFilter]: lowering<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>((g, { x, dy }, attrs) => {
    const info = convInfo(x.shape, attrs.filterShape, attrs);
    if (isTiling(info)) return tilesFilterGradient(g, x, dy, info);
    const images = g.transpose(toChannelsFirst(g, x, attrs.dataFormat), [1, 0, 2, 3]);
    const slopes = g.transpose(toChannelsFirst(g, dy, attrs.dataFormat), [1, 0, 2, 3]);
    return g.transpose(filterGradient(g, images, slopes, info), [2, 3, 0, 1]);
  }),
  [tf.DepthwiseConv2dNative]: lowering<'x' | 'filter', tf.DepthwiseConv2dNativeAttrs>((g, { x, filter }, attrs) =>
    convolveDepthwise(g, x, filter, attrs),
  ),
  [tf.FusedDepthwiseConv2D]: lowering<Fused, tf.FusedDepthwiseConv2DAttrs>(
    (g, { x, filter, bias, preluActivationWeights }, attrs) => {
      const y = convolveDepthwise(g, x, filter, attrs);
      return activate(g, addBias(g, y, bias, attrs.dataFormat), attrs, preluActivationWeights);
    },
  ),
  [tf.DepthwiseConv2dNativeBackpropInput]: lowering<'dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    (g, { dy, filter }, attrs) => {
      const info = convInfo(attrs.inputShape, filter.shape, attrs, true);
      return inputGradient(g, dy, depthwiseFilter(g, filter), info, info.inChannels, 'NHWC');
    },
  ),
  [tf.DepthwiseConv2dNativeBackpropFilter]: lowering<'x' | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    (g, { x, dy }, attrs) => {
      const info = convInfo(x.shape, attrs.filterShape, attrs, true);
      const { batchSize, inHeight, inWidth, inChannels } = info;
      // One group a channel, with the examples as the group's channels.
      const images = g.reshape(g.transpose(x, [3, 0, 1, 2]), [1, inChannels * batchSize, inHeight, inWidth]);
      const taps = g.transpose(dy, [3, 0, 1, 2]);
      const [height, width, , multiplier] = attrs.filterShape;
      const gradient = gradientByConvolution(g, images, taps, info, inChannels);
      return g.transpose(g.reshape(gradient, [inChannels, multiplier, height, width]), [2, 3, 0, 1]);
    },
  ),
};

interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: [number, number] | number;
  readonly dataFormat?: DataFormat;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

function convInfo(x: readonly number[], filter: readonly number[], attrs: ConvAttrs, depthwise = false): ConvInfo {
  const format = attrs.dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast';
  const { strides, dilations = 1, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computeConv2DInfo(
    [...x] as Shape4D,
    [...filter] as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    format,
  );
}

function convolve(g: GraphBuilder, x: Value, filter: Value, info: ConvInfo, format: DataFormat): Value {
  if (isTiling(info)) return convolveTiles(g, x, filter, info);
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  const inputs = [toChannelsFirst(g, x, format), g.transpose(filter, [3, 2, 0, 1])];
  return fromChannelsFirst(g, g.node('Conv', inputs, { type: x.type, shape }, window(info)), format);
}

function convolveDepthwise(g: GraphBuilder, x: Value, filter: Value, attrs: tf.DepthwiseConv2dNativeAttrs): Value {
  const info = convInfo(x.shape, filter.shape, attrs, true);
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  const inputs = [toChannelsFirst(g, x, attrs.dataFormat), depthwiseFilter(g, filter)];
  const y = g.node('Conv', inputs, { type: x.type, shape }, { ...window(info), group: info.inChannels });
  return fromChannelsFirst(g, y, attrs.dataFormat);
}

/** [height, width, channels, multiplier] as ONNX's [channels x multiplier, 1, height, width]. */
function depthwiseFilter(g: GraphBuilder, filter: Value): Value {
  const [height, width, channels, multiplier] = filter.shape as Shape4D;
  return g.reshape(g.transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

function addBias(g: GraphBuilder, y: Value, bias: Value | undefined, format: DataFormat): Value {
  if (bias === undefined) return y;
  const perChannel = format === 'NCHW' && bias.shape.length === 1 ? g.reshape(bias, [bias.shape[0]!, 1, 1]) : bias;
  return g.binary('Add', y, perChannel);
}

/** ConvTranspose of dy; `outputPadding` restores rows that the forward stride left over. */
function inputGradient(
  g: GraphBuilder,
  dy: Value,
  filter: Value,
  info: ConvInfo,
  group: number,
  format: DataFormat,
): Value {
  const { padInfo, inHeight, inWidth, outHeight, outWidth } = info;
  const covered = [
    (outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - padInfo.top - padInfo.bottom,
    (outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - padInfo.left - padInfo.right,
  ] as const;
  const dx = g.node(
    'ConvTranspose',
    [toChannelsFirst(g, dy, format), filter],
    { type: dy.type, shape: [info.batchSize, info.inChannels, inHeight, inWidth] },
    { ...window(info), group, output_padding: [inHeight - covered[0], inWidth - covered[1]] },
  );
  return fromChannelsFirst(g, dx, format);
}

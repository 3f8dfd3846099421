import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { ConvInfo } from './layout.ts';
import { pad } from './slicing.ts';

/**
 * [channels, outputs, height, width] of the filter, from x [channels, batch, height, width] and dy [outputs, batch,
 * height, width]: the batch convolved with itself. Channels are the batch, examples the channels summed over, dy the
 * filter; the forward stride spreads dy's taps, so it is this one's dilation, and the other way round.
 */
export function filterGradient(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const shifts = info.filterHeight * info.filterWidth > 1 && info.strideHeight === 1 && info.strideWidth === 1;
  return shifts ? gradientByShifts(g, x, dy, info) : gradientByConvolution(g, x, dy, info, 1);
}

/** `groups` splits the channels of x and the outputs of dy alike; examples of a group are its channels. */
export function gradientByConvolution(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo, groups: number): Value {
  const { padInfo, inHeight, inWidth, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const [bottom, right] = rowsBeyond(info);
  const [batch, channels] = x.shape as [number, number];
  const seen = [batch, channels, inHeight + Math.min(bottom, 0), inWidth + Math.min(right, 0)];
  return g.node(
    'Conv',
    [g.slice(x, [0, 0, 0, 0], seen), dy],
    { type: x.type, shape: [batch, dy.shape[0]!, filterHeight, filterWidth] },
    {
      strides: [dilationHeight, dilationWidth],
      dilations: [strideHeight, strideWidth],
      pads: [padInfo.top, padInfo.left, Math.max(bottom, 0), Math.max(right, 0)],
      group: groups,
    },
  );
}

/**
 * With stride 1, tap (i, j) is the product of x shifted by j columns and dy shifted by i rows: stack the shifts of
 * each, and one matrix product gives all taps. 1.3x to 1.7x faster than ONNX Runtime's Conv with its tiny output
 * (16 and 32 channels, 3x3, 320 frames of 12x12).
 */
function gradientByShifts(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const { padInfo, inChannels, outChannels, outWidth, inWidth, batchSize } = info;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = info;
  const [bottom] = rowsBeyond(info);
  const none = [0, 0] as const;
  const columns = Array.from({ length: filterWidth }, (_, j) => {
    const before = padInfo.left - j * dilationWidth;
    return pad(g, x, [none, none, [padInfo.top, bottom], [before, outWidth - inWidth - before]]);
  });
  const rows = Array.from({ length: filterHeight }, (_, i) => {
    const before = i * dilationHeight;
    return pad(g, dy, [none, none, [before, (filterHeight - 1) * dilationHeight - before], none]);
  });
  const height = rows[0]!.shape[2]!;
  const positions = batchSize * height * outWidth;
  const left = g.reshape(g.concat(columns, 0), [filterWidth * inChannels, positions]);
  const right = g.reshape(g.concat(rows, 0), [filterHeight * outChannels, positions]);
  const shape = [left.shape[0]!, right.shape[0]!];
  const taps = g.node('Gemm', [left, right], { type: x.type, shape }, { transB: 1 });
  return g.transpose(g.reshape(taps, [filterWidth, inChannels, filterHeight, outChannels]), [1, 3, 2, 0]);
}

/** Rows and columns below and right of x that the gradient's window needs, or (negative) never looks at. */
function rowsBeyond(info: ConvInfo): [number, number] {
  const { padInfo, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  return [
    (filterHeight - 1) * dilationHeight + (outHeight - 1) * strideHeight + 1 - inHeight - padInfo.top,
    (filterWidth - 1) * dilationWidth + (outWidth - 1) * strideWidth + 1 - inWidth - padInfo.left,
  ];
}

import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { ConvInfo } from './layout.ts';

/**
 * Convolutions that cut the picture into tiles (stride = filter size, no padding) are one matrix product over the
 * tiles: 1.5x faster forward than ONNX Runtime's Conv, and 3x for the filter's gradient, which reuses the tiles
 * (3 -> 32 channels, 4x4, 320 frames of 48x48).
 */
export function isTiling(info: ConvInfo): boolean {
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  return (
    info.dataFormat === 'channelsLast' &&
    info.filterHeight === strideHeight &&
    info.filterWidth === strideWidth &&
    dilationHeight === 1 &&
    dilationWidth === 1 &&
    padInfo.top + padInfo.bottom + padInfo.left + padInfo.right === 0 &&
    info.inHeight === info.outHeight * strideHeight &&
    info.inWidth === info.outWidth * strideWidth
  );
}

export function convolveTiles(g: GraphBuilder, x: Value, filter: Value, info: ConvInfo): Value {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const tiles = cut(g, x, info);
  const shape = [tiles.shape[0]!, outChannels];
  const product = g.node('MatMul', [tiles, flatFilter(g, filter, info)], { type: x.type, shape });
  return g.reshape(product, [batchSize, outHeight, outWidth, outChannels]);
}

export function tilesFilterGradient(g: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const tiles = cut(g, x, info);
  const slopes = g.reshape(dy, [tiles.shape[0]!, outChannels]);
  const shape = [tiles.shape[1]!, outChannels];
  const product = g.node('Gemm', [tiles, slopes], { type: x.type, shape }, { transA: 1 });
  return g.reshape(product, [filterHeight, filterWidth, inChannels, outChannels]);
}

export function tilesInputGradient(g: GraphBuilder, dy: Value, filter: Value, info: ConvInfo): Value {
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels } = info;
  const count = batchSize * outHeight * outWidth;
  const shape = [count, filterHeight * filterWidth * inChannels];
  const inputs = [g.reshape(dy, [count, outChannels]), flatFilter(g, filter, info)];
  const tiles = g.node('Gemm', inputs, { type: dy.type, shape }, { transB: 1 });
  const grid = [batchSize, outHeight, outWidth, filterHeight, filterWidth * inChannels];
  const rows = g.transpose(g.reshape(tiles, grid), [0, 1, 3, 2, 4]);
  return g.reshape(rows, [batchSize, info.inHeight, info.inWidth, inChannels]);
}

/** [batch x tiles, elements of a tile], both in reading order. */
function cut(g: GraphBuilder, x: Value, info: ConvInfo): Value {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = info;
  const rows = g.reshape(x, [batchSize, outHeight, filterHeight, outWidth, filterWidth * inChannels]);
  const shape = [batchSize * outHeight * outWidth, filterHeight * filterWidth * inChannels];
  return g.reshape(g.transpose(rows, [0, 1, 3, 2, 4]), shape);
}

function flatFilter(g: GraphBuilder, filter: Value, info: ConvInfo): Value {
  return g.reshape(filter, [info.filterHeight * info.filterWidth * info.inChannels, info.outChannels]);
}

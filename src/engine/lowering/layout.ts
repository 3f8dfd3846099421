import type { Value } from '../onnx/graph.ts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { tf } from '../tf.ts';

/**
 * Pictures: TensorFlow.js keeps channels last (NHWC), ONNX first (NCHW). Each lowering converts on its own;
 * the passes and ONNX Runtime cancel what meets in between.
 */
export type DataFormat = 'NHWC' | 'NCHW';

export type ConvInfo = tf.backend_util.Conv2DInfo;

export function toChannelsFirst(g: GraphBuilder, x: Value, format: DataFormat = 'NHWC'): Value {
  return format === 'NCHW' ? x : g.transpose(x, [0, 3, 1, 2]);
}

export function fromChannelsFirst(g: GraphBuilder, x: Value, format: DataFormat = 'NHWC'): Value {
  return format === 'NCHW' ? x : g.transpose(x, [0, 2, 3, 1]);
}

/** Geometry as the ONNX attributes that convolutions and pools share. */
export function window({ padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth }: ConvInfo) {
  return {
    strides: [strideHeight, strideWidth],
    dilations: [dilationHeight, dilationWidth],
    pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
  };
}

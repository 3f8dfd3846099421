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
export function window(info: ConvInfo) {
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  checkSize(info);
  return {
    strides: [strideHeight, strideWidth],
    dilations: [dilationHeight, dilationWidth],
    pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
  };
}

/** Refuses sizes that ONNX would not come to: TensorFlow.js has some that its own kernels do not fill either. */
function checkSize(info: ConvInfo): void {
  const { padInfo, inHeight, inWidth, outHeight, outWidth } = info;
  const height = Math.floor((inHeight + padInfo.top + padInfo.bottom - info.effectiveFilterHeight) / info.strideHeight);
  const width = Math.floor((inWidth + padInfo.left + padInfo.right - info.effectiveFilterWidth) / info.strideWidth);
  if (height + 1 === outHeight && width + 1 === outWidth) return;
  throw new RangeError(
    `TensorFlow.js expects a result of ${outHeight} x ${outWidth} where ${height + 1} x ${width + 1} windows fit. A pad ` +
      "given as one number wants square windows and strides: use 'same', 'valid' or a pad for each side",
  );
}

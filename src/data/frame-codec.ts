import ndarray from 'ndarray';
import sharp from 'sharp';
import type { Frame } from '../core/contracts.ts';
import { describeError, RunError, UsageError } from '../core/errors.ts';
import { frameBytes } from '../core/frame-bytes.ts';
import { encodePng } from './encode-png.ts';

/** Channels of a stored picture: frames of fewer leave the last ones 0, as LeRobot's tools know RGB alone. */
export const storedChannels = 3;

/** A frame of [height, width, 1 ... 3] as the bytes of an RGB picture. */
export function toRgb(frame: Frame): Uint8Array {
  const [height, width, channels] = frame.shape as [number, number, number];
  if (channels > storedChannels) throw new UsageError(`a picture has 1 to 3 channels, got a frame of ${channels}`);
  const bytes = frameBytes(frame);
  if (channels === storedChannels) return bytes;
  const rgb = new Uint8Array(height * width * storedChannels);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < channels; c++) rgb[i * storedChannels + c] = bytes[i * channels + c]!;
  }
  return rgb;
}

/** A frame as PNG, exactly. */
export function encodeFrame(frame: Frame): Uint8Array {
  const [height, width] = frame.shape as [number, number];
  return encodePng(toRgb(frame), width, height);
}

/**
 * The frame that `encodeFrame` stored.
 * @param shape [height, width, channels]
 * @throws RunError where the bytes are no picture of that shape.
 */
export async function decodeFrame(png: Uint8Array, shape: readonly [number, number, number]): Promise<Frame> {
  const [height, width, channels] = shape;
  const { data, info } = await sharp(png)
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new RunError(`a stored frame cannot be decoded: ${describeError(error)}`);
    });
  if (info.height !== height || info.width !== width || info.channels !== storedChannels) {
    throw new RunError(
      `a stored frame is ${info.height}x${info.width}x${info.channels} where the data set says ` +
        `${height}x${width}x${storedChannels}`,
    );
  }
  const stored = ndarray(new Uint8Array(data.buffer, data.byteOffset, data.length), [height, width, storedChannels]);
  if (channels === storedChannels) return stored;
  return ndarray(Uint8Array.from(frameBytes(stored.hi(height, width, channels))), [height, width, channels]);
}

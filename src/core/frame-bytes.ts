import type { Frame } from './contracts.ts';

/** The frame's bytes, row by row: the frame's own array where it lies so already, else a copy. */
export function frameBytes(frame: Frame): Uint8Array {
  const [height, width, channels] = frame.shape as [number, number, number];
  const [row, column, channel] = frame.stride;
  const size = height * width * channels;
  if (channel === 1 && column === channels && row === width * channels) {
    return frame.data.subarray(frame.offset, frame.offset + size);
  }
  const bytes = new Uint8Array(size);
  let i = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) bytes[i++] = frame.get(y, x, c);
    }
  }
  return bytes;
}

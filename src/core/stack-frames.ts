import ndarray from 'ndarray';
import type { Frame } from './contracts.ts';
import { frameBytes } from './frame-bytes.ts';

/** Frames [height, width, C] beside each other in one of [height, width, C x frames], the first one's channels first. */
export function stackFrames(frames: readonly Frame[]): Frame {
  const [height, width, channels] = frames[0]!.shape as [number, number, number];
  const deep = channels * frames.length;
  const stacked = new Uint8Array(height * width * deep);
  for (const [i, frame] of frames.entries()) interleave(frameBytes(frame), channels, stacked, deep, i * channels);
  return ndarray(stacked, [height, width, deep]);
}

/** Writes pixels of `channels` each into pixels of `deep` each, from channel `at` of these on. */
export function interleave(
  pixels: ArrayLike<number>,
  channels: number,
  into: Uint8Array | Float32Array,
  deep: number,
  at: number,
  offset = 0,
): void {
  if (deep === channels) {
    into.set(pixels, offset);
    return;
  }
  for (let p = 0, to = offset + at; p < pixels.length; p += channels, to += deep)
    for (let c = 0; c < channels; c++) into[to + c] = pixels[p + c]!;
}

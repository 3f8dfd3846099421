import type { TensorSpec } from '../../engine/program.ts';
import type { PainterConfig } from './config.ts';

/** An array for a batch of windows of `length` pictures, values 0 ... 1, and its shape. */
export function pictureBatch(
  { frame }: PainterConfig,
  rows: number,
  length: number,
): { readonly frames: Float32Array; readonly inputs: Readonly<Record<'frames', TensorSpec>> } {
  const shape = [rows, length, ...frame];
  return {
    frames: new Float32Array(shape.reduce((product, value) => product * value, 1)),
    inputs: { frames: { shape } },
  };
}

/** Copies a window's pictures, bytes, into row `row`; `mirrored`: as in a mirror, rows of `width` RGB pixels turned. */
export function copyPictures(
  pictures: readonly Uint8Array[],
  into: Float32Array,
  row: number,
  mirrored: { readonly width: number } | null = null,
): void {
  const size = pictures[0]!.length;
  for (const [t, pixels] of pictures.entries()) {
    const to = (row * pictures.length + t) * size;
    for (let i = 0; i < size; i++) into[to + i] = pixels[mirrored === null ? i : turned(i, mirrored.width)]! / 255;
  }
}

/** Where a byte of a picture comes from in a mirror. */
function turned(index: number, width: number): number {
  const channel = index % 3;
  const pixel = (index - channel) / 3;
  const column = pixel % width;
  return (pixel - column + width - 1 - column) * 3 + channel;
}

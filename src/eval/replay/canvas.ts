import type { Frame } from '../../core/contracts.ts';
import { frameBytes } from '../../core/frame-bytes.ts';

/** RGB bytes to paste pictures into; drawings go over it afterwards. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], row-major. */
  readonly pixels: Uint8Array;
  /** Pastes a picture as a square of `side` pixels. A small one is magnified with its pixels as squares. */
  paste(picture: Frame, left: number, top: number, side: number): void;
}

export function createCanvas(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Canvas {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i += 3) {
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
  }
  return {
    width,
    height,
    pixels,
    paste(picture, left, top, side) {
      const [rows, columns, channels] = picture.shape as [number, number, number];
      const bytes = frameBytes(picture);
      for (let y = 0; y < side; y++) {
        const row = Math.floor((y * rows) / side) * columns;
        let to = ((top + y) * width + left) * 3;
        for (let x = 0; x < side; x++, to += 3) {
          const from = (row + Math.floor((x * columns) / side)) * channels;
          for (let c = 0; c < 3; c++) pixels[to + c] = shade(bytes, from, channels, c);
        }
      }
    },
  };
}

/** Grey for one channel; two channels as orange and blue light, whose mixture stays readable; else as they are. */
function shade(bytes: Uint8Array, at: number, channels: number, c: number): number {
  if (channels === 1) return bytes[at]!;
  if (channels > 2) return bytes[at + c]!;
  return c === 1 ? (bytes[at]! + bytes[at + 1]!) >> 1 : bytes[at + (c >> 1)]!;
}

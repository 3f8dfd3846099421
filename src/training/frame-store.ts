import { UsageError } from '../core/errors.ts';

/** Many pictures of things on one background, kept without loss as the pixels that differ from it. */
export interface FrameStore {
  /** Keeps a picture. Pictures are numbered in the order in which they come, from 0. */
  add(frame: Uint8Array): void;
  /**
   * Paints picture `index` into `into` from `at` on, pixel p of it at `targets[p]`.
   * @param targets a permutation of its pixels
   */
  paint(index: number, into: Float32Array, at: number, targets: ArrayLike<number>): void;
}

export interface FrameStoreOptions {
  /** Pixels of a picture. */
  readonly pixels: number;
  /** One pixel of the background, a byte a channel. */
  readonly background: readonly number[];
}

export function createFrameStore({ pixels, background }: FrameStoreOptions): FrameStore {
  const channels = background.length;
  if (pixels > 0x10000) throw new UsageError(`pictures of at most ${0x10000} pixels are kept, got ${pixels}`);
  /** Entries of picture i: ends[i] ... ends[i + 1]. */
  const ends: number[] = [0];
  let places = new Uint16Array(1 << 16);
  let values = new Uint8Array(channels << 16);
  const makeRoom = (): void => {
    const [more, wider] = [new Uint16Array(2 * places.length), new Uint8Array(2 * values.length)];
    more.set(places);
    wider.set(values);
    [places, values] = [more, wider];
  };
  return {
    add(frame) {
      let entry = ends.at(-1)!;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const from = pixel * channels;
        let same = true;
        for (let c = 0; c < channels; c++) same &&= frame[from + c] === background[c];
        if (same) continue;
        if (entry === places.length) makeRoom();
        places[entry] = pixel;
        for (let c = 0; c < channels; c++) values[entry * channels + c] = frame[from + c]!;
        entry++;
      }
      ends.push(entry);
    },
    paint(index, into, at, targets) {
      for (let i = 0; i < pixels * channels; i++) into[at + i] = background[i % channels]!;
      for (let entry = ends[index]!; entry < ends[index + 1]!; entry++) {
        const to = at + targets[places[entry]!]! * channels;
        for (let c = 0; c < channels; c++) into[to + c] = values[entry * channels + c]!;
      }
    },
  };
}

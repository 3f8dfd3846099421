import { compile } from '../../engine/compile.ts';
import type { CompileOptions } from '../../engine/program.ts';
import { mapCount, type SpectatorConfig, thingCount } from './config.ts';
import { watchFrames } from './watch-frames.ts';

/** Things that a film shows at most; others' colours fill up. */
export const thingsPerFilm = 3;

/** A film as it is watched: measured once, trained on often. T frames, N things. */
export interface WatchedFilm {
  readonly frames: number;
  /** [T, N, 2] */
  readonly centroid: Float32Array;
  /** [T, N] */
  readonly mass: Float32Array;
  /** [T, N, crop^2], 255ths. */
  readonly crop: Uint8Array;
  /** [T, map, map, 3], 255ths. */
  readonly maps: Uint8Array;
}

export interface FilmWatcher {
  /** Measures a film's pictures, all colours of things. */
  watch(pictures: readonly Uint8Array[]): Promise<WatchedFilm>;
  /** The same of films that share pictures: each picture is measured once. */
  watchAll(films: readonly (readonly Uint8Array[])[]): Promise<WatchedFilm[]>;
  dispose(): Promise<void>;
}

/** Measures films of `frames` frames, one at a time. Nothing in it is learned but the colours. */
export async function createFilmWatcher(
  config: SpectatorConfig,
  frames: number,
  options: CompileOptions,
): Promise<FilmWatcher> {
  const executable = await compile(
    {
      name: 'watch-film',
      inputs: { frames: { shape: [frames, ...config.frame] } },
      run: ({ frames: pixels }) => ({ ...watchFrames(pixels!, config) }),
    },
    options,
  );
  const batch = new Float32Array(frames * config.frame.reduce((product, length) => product * length, 1));
  const watch = async (pictures: readonly Uint8Array[]): Promise<WatchedFilm> => {
    pictures.forEach((pixels, i) => {
      batch.set(pixels, i * pixels.length);
    });
    const { centroid, crop, mass, maps } = (await executable.run({ frames: batch })) as Record<string, Float32Array>;
    return { frames, centroid: centroid!, mass: mass!, crop: toBytes(crop!), maps: toBytes(maps!) };
  };
  return {
    watch,
    async watchAll(films) {
      const places = new Map<string, number>();
      const unlike: Uint8Array[] = [];
      const indices = films.map((pictures) =>
        pictures.map((pixels) => {
          const key = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength).toString('latin1');
          const known = places.get(key);
          if (known !== undefined) return known;
          places.set(key, unlike.length);
          return unlike.push(pixels) - 1;
        }),
      );
      const reels: WatchedFilm[] = [];
      for (let i = 0; i < unlike.length; i += frames) reels.push(await watch(unlike.slice(i, i + frames)));
      return indices.map((film) => splice(reels, film));
    },
    dispose: () => executable.dispose(),
  };
}

/** The film of these frames, counted through reels of equal length. */
function splice(reels: readonly WatchedFilm[], indices: readonly number[]): WatchedFilm {
  const gather = <T extends Float32Array | Uint8Array>(of: (reel: WatchedFilm) => T, empty: (size: number) => T): T => {
    const perFrame = of(reels[0]!).length / reels[0]!.frames;
    const all = empty(indices.length * perFrame);
    for (const [to, index] of indices.entries()) {
      const { [Math.floor(index / reels[0]!.frames)]: reel } = reels;
      const from = (index % reels[0]!.frames) * perFrame;
      all.set(of(reel!).subarray(from, from + perFrame), to * perFrame);
    }
    return all;
  };
  const floats = (size: number) => new Float32Array(size);
  const bytes = (size: number) => new Uint8Array(size);
  return {
    frames: indices.length,
    centroid: gather(({ centroid }) => centroid, floats),
    mass: gather(({ mass }) => mass, floats),
    crop: gather(({ crop }) => crop, bytes),
    maps: gather(({ maps }) => maps, bytes),
  };
}

/** Pixels that a thing covers where it is really seen. */
const reallySeen = 8;

/** Which of K colours are seen in any of the films, and others to make up the number: N indices in order. */
export function thingsIn(films: readonly WatchedFilm[], colours: number): number[] {
  const most = Array.from({ length: colours }, (_, k) =>
    Math.max(
      ...films.map(({ mass }) => mass.reduce((max, value, i) => (i % colours === k ? Math.max(max, value) : max), 0)),
    ),
  );
  const order = most
    .map((_, k) => k)
    .sort((a, b) => Number(most[b]! > reallySeen) - Number(most[a]! > reallySeen) || a - b);
  return order.slice(0, thingsPerFilm).sort((a, b) => a - b);
}

/** The film with those of its colours alone. */
export function keepThings(film: WatchedFilm, things: readonly number[], config: SpectatorConfig): WatchedFilm {
  const colours = thingCount(config);
  const { frames } = film;
  const area = config.encoder.cropSize ** 2;
  const kept: WatchedFilm = {
    frames,
    centroid: new Float32Array(frames * things.length * 2),
    mass: new Float32Array(frames * things.length),
    crop: new Uint8Array(frames * things.length * area),
    maps: film.maps,
  };
  for (let t = 0; t < frames; t++) {
    for (const [n, k] of things.entries()) {
      const [from, to] = [t * colours + k, t * things.length + n];
      kept.mass[to] = film.mass[from]!;
      kept.centroid.set(film.centroid.subarray(2 * from, 2 * from + 2), 2 * to);
      kept.crop.set(film.crop.subarray(area * from, area * (from + 1)), area * to);
    }
  }
  return kept;
}

/** The film as in a mirror: what is watched of the mirrored pictures. */
export function mirrorFilm(film: WatchedFilm, { encoder, mapSize }: SpectatorConfig): WatchedFilm {
  return {
    ...film,
    centroid: film.centroid.map((value, i) => (i % 2 === 0 ? 1 - value : value)),
    crop: reverseRows(film.crop, encoder.cropSize, 1),
    maps: reverseRows(film.maps, mapSize, mapCount),
  };
}

/** Pictures [..., width, channels], each row from right to left. */
function reverseRows(pixels: Uint8Array, width: number, channels: number): Uint8Array {
  const reversed = new Uint8Array(pixels.length);
  const row = width * channels;
  for (let i = 0; i < pixels.length; i += channels) {
    const [start, at] = [i - (i % row), i % row];
    reversed.set(pixels.subarray(i, i + channels), start + row - channels - at);
  }
  return reversed;
}

function toBytes(shares: Float32Array): Uint8Array {
  return Uint8Array.from(shares, (share) => Math.round(255 * Math.min(1, Math.max(0, share))));
}

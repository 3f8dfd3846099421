import type { TensorSpec } from '../../engine/program.ts';
import { mapCount, type SpectatorConfig } from './config.ts';
import { thingsPerFilm, type WatchedFilm } from './film-watcher.ts';

/** What windows of films are made of, row by row. */
export type WindowArrays = Readonly<Record<'centroid' | 'mass' | 'crop' | 'maps', Float32Array>>;

/** Copies frames `start`, `start + 1`, ... of a film into row `row` of a batch of windows of `length` frames. */
export function copyWindow(film: WatchedFilm, start: number, length: number, into: WindowArrays, row: number): void {
  const { frames } = film;
  for (const name of ['centroid', 'mass', 'crop', 'maps'] as const) {
    const perFrame = film[name].length / frames;
    const scale = name === 'crop' || name === 'maps' ? 1 / 255 : 1;
    const source = film[name];
    const target = into[name];
    const from = start * perFrame;
    const to = row * length * perFrame;
    for (let i = 0; i < length * perFrame; i++) target[to + i] = source[from + i]! * scale;
  }
}

/** Arrays for a batch of windows, and their shapes. */
export function windowBatch(
  config: SpectatorConfig,
  rows: number,
  length: number,
): { readonly arrays: WindowArrays; readonly inputs: Readonly<Record<string, TensorSpec>> } {
  const { mapSize, encoder } = config;
  const shapes = {
    centroid: [rows, length, thingsPerFilm, 2],
    mass: [rows, length, thingsPerFilm],
    crop: [rows, length, thingsPerFilm, encoder.cropSize, encoder.cropSize],
    maps: [rows, length, mapSize, mapSize, mapCount],
  } as const;
  const size = (shape: readonly number[]): number => shape.reduce((product, value) => product * value, 1);
  const arrays = {
    centroid: new Float32Array(size(shapes.centroid)),
    mass: new Float32Array(size(shapes.mass)),
    crop: new Float32Array(size(shapes.crop)),
    maps: new Float32Array(size(shapes.maps)),
  };
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape: [...shape] }]));
  return { arrays, inputs };
}

import { createRng } from '../core/rng.ts';
import type { Tensors } from '../engine/program.ts';
import type { BatchSource } from './batch-source.ts';

const prefix = 'noise.';

/**
 * A source whose batches also hold standard normal tensors of the given shapes, drawn from each step's own stream:
 * what an objective draws.
 */
export function withNoise(
  source: BatchSource,
  shapes: Readonly<Record<string, readonly number[]>>,
  seed: number,
  stream: string,
): BatchSource {
  const names = Object.keys(shapes);
  if (names.length === 0) return source;
  const arrays = Object.fromEntries(
    names.map((name) => [prefix + name, new Float32Array(shapes[name]!.reduce((size, length) => size * length, 1))]),
  );
  return {
    inputs: {
      ...source.inputs,
      ...Object.fromEntries(names.map((name) => [prefix + name, { shape: shapes[name]! }])),
    },
    batchAt(step) {
      for (const [name, values] of Object.entries(arrays)) {
        const rng = createRng(seed, 'noise', name, stream, step);
        for (let i = 0; i < values.length; i++) values[i] = rng.normal();
      }
      return { ...source.batchAt(step), ...arrays };
    },
  };
}

/** The noise in a batch, by its own names. */
export function noiseOf(batch: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(batch).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

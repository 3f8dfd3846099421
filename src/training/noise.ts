import { createRng } from '../core/rng.ts';
import type { Tensors } from '../engine/program.ts';
import type { BatchSource } from './batch-source.ts';

const prefix = 'noise.';

/**
 * Standard normal tensors of the given shapes, drawn from each step's own stream: what an objective draws, beside the
 * batches.
 */
export function createNoise(
  shapes: Readonly<Record<string, readonly number[]>>,
  seed: number,
  stream: string,
): BatchSource {
  const names = Object.keys(shapes);
  const arrays = Object.fromEntries(
    names.map((name) => [prefix + name, new Float32Array(shapes[name]!.reduce((size, length) => size * length, 1))]),
  );
  return {
    inputs: Object.fromEntries(names.map((name) => [prefix + name, { shape: shapes[name]! }])),
    batchAt(step) {
      for (const [name, values] of Object.entries(arrays)) {
        const rng = createRng(seed, 'noise', name, stream, step);
        for (let i = 0; i < values.length; i++) values[i] = rng.normal();
      }
      return arrays;
    },
  };
}

/** A source whose batches also hold noise. */
export function withNoise(
  source: BatchSource,
  shapes: Readonly<Record<string, readonly number[]>>,
  seed: number,
  stream: string,
): BatchSource {
  if (Object.keys(shapes).length === 0) return source;
  const noise = createNoise(shapes, seed, stream);
  return {
    inputs: { ...source.inputs, ...noise.inputs },
    batchAt: (step) => ({ ...source.batchAt(step), ...noise.batchAt(step) }),
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

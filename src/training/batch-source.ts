import type { TensorSpec } from '../engine/program.ts';

/** Batches by step number: the same step gives the same batch, so a resumed run continues exactly. */
export interface BatchSource {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** The arrays are reused by the next call. */
  batchAt(step: number): Record<string, Float32Array>;
}

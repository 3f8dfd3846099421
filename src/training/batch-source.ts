import type { TensorSpec } from '../engine/program.ts';
import type { TwoRoomsBatchesOptions } from './two-rooms-windows.ts';

export type Batch = Readonly<Record<string, Float32Array>>;

/** By what another thread can make the same source: plain data, the large arrays shared. */
export interface BatchPlan {
  readonly kind: 'two-rooms';
  readonly options: TwoRoomsBatchesOptions;
}

/** Batches by step number: the same step gives the same batch, so a resumed run continues exactly. */
export interface BatchSource {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** The arrays are reused by the next call. */
  batchAt(step: number): Record<string, Float32Array>;
  /** Absent where the source can be read in its own thread only. */
  readonly plan?: BatchPlan;
}

import type { Tensor } from '@tensorflow/tfjs-core';

export type ElementType = 'float32' | 'int32';

export interface TensorSpec {
  readonly shape: readonly number[];
  /** @defaultValue 'float32' */
  readonly dtype?: ElementType;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export type Values = Float32Array | Int32Array;

/**
 * A pure function from named tensors to named tensors, written with TensorFlow.js operations, at fixed shapes.
 * The same program runs eagerly on any TensorFlow.js backend (`runEager`) or is traced once to ONNX and
 * executed by ONNX Runtime (`compile`). Tensors created inside `run` from typed arrays become constants of
 * the graph. `run` must not read values.
 */
export interface Program {
  /** Appears in errors and in the ONNX graph. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  run(inputs: Tensors): Tensors;
}

/** A compiled program, ready to run. */
export interface Executable {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Required<TensorSpec>>>;
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  /** The ONNX model, as written to `.onnx` files. */
  readonly onnx: Uint8Array;
  /**
   * Runs once. Feeds are flat, row-major, of exactly the declared size; a wrong one is an error that names the
   * input, its shape and what came. Results are fresh arrays unless `into` holds arrays to fill.
   */
  run(
    feeds: Readonly<Record<string, Values>>,
    into?: Readonly<Record<string, Values>>,
  ): Promise<Record<string, Values>>;
  dispose(): Promise<void>;
}

export const deviceNames = ['native', 'webgpu', 'cuda', 'tensorflow', 'wasm', 'cpu'] as const;
/** `native`, `webgpu`, `cuda`: ONNX Runtime. `tensorflow`, `wasm`, `cpu`: eager TensorFlow.js. */
export type DeviceName = (typeof deviceNames)[number];

export interface CompileOptions {
  /** @defaultValue 'native' */
  readonly device?: DeviceName;
  /** Threads inside one operation. @defaultValue 1 */
  readonly threads?: number;
}

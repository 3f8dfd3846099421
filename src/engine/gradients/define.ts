import * as tf from '@tensorflow/tfjs-core';

type Thunk = () => tf.Tensor;

/** What a kernel's gradient may use besides dy. */
export interface Kept {
  /** Tensors asked for in `keep`, by name; `y` is the kernel's first output. */
  readonly [name: string]: tf.Tensor;
}

/**
 * The gradient of a kernel: for each input, how to get its gradient from dy. Only those that lead to a parameter
 * are called.
 */
export interface KernelGradient {
  readonly kernel: string;
  /** Inputs, or the first output as `y`, needed in the backward pass. Keep what is at hand anyway. */
  readonly keep?: readonly string[];
  readonly backward: (dy: tf.Tensor, kept: Kept, attributes: Attributes) => Readonly<Record<string, Thunk>>;
}

/** Attributes of kernels that gradients read, as TensorFlow.js names them. */
export interface Attributes {
  readonly alpha: number;
  readonly axis: number | number[];
  readonly batchDims: number;
  readonly begin: number[];
  readonly clipValueMax: number;
  readonly clipValueMin: number;
  readonly dataFormat: string;
  readonly dilations: number | number[];
  readonly dim: number;
  readonly dimRoundingMode: string;
  readonly dims: number[];
  readonly exclusive: boolean;
  readonly filterSize: number | number[];
  readonly pad: number | string | number[][];
  readonly paddings: readonly (readonly [number, number])[];
  readonly perm: number[];
  readonly reductionIndices: number | number[];
  readonly reps: number[];
  readonly reverse: boolean;
  readonly strides: number | number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Tells TensorFlow.js of a kernel's gradient. */
export function define({ kernel, keep = [], backward }: KernelGradient): void {
  const inputsToSave = keep.filter((name) => name !== 'y');
  const names = [...inputsToSave, ...(keep.includes('y') ? ['y'] : [])];
  tf.registerGradient({
    kernelName: kernel,
    inputsToSave,
    outputsToSave: keep.includes('y') ? [true] : [],
    gradFunc: (dy, saved, attributes) =>
      backward(
        dy as tf.Tensor,
        Object.fromEntries(names.map((name, i) => [name, saved[i]!])),
        attributes as unknown as Attributes,
      ),
  });
}

/** Sums a gradient over the axes along which an input of the given shape was broadcast. */
export function unbroadcast(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (sameShape(gradient.shape, shape)) return gradient.clone();
  const axes = tf.broadcast_util.getReductionAxes([...shape], gradient.shape);
  const sum = axes.length > 0 ? tf.sum(gradient, axes) : gradient;
  return tf.reshape(sum, [...shape]);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

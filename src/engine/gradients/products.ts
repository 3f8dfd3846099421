import * as tf from '@tensorflow/tfjs-core';
import { type KernelGradient, unbroadcast } from './define.ts';

/** Gradients of matrix products. */
export const productGradients: readonly KernelGradient[] = [
  {
    // Y = op(A) op(B): dA = dY op(B)^T and dB = op(A)^T dY, each transposed once more where its op transposes.
    kernel: 'BatchMatMul',
    keep: ['a', 'b'],
    backward: (dy, { a, b }, { transposeA, transposeB }) => ({
      a: () =>
        unbroadcast(transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB), a!.shape),
      b: () =>
        unbroadcast(transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false), b!.shape),
    }),
  },
];

/**
 * TensorFlow.js, through the one door. Models, losses and costs import it from here; only `src/engine`
 * imports `@tensorflow/*` (a test holds this).
 */

import './gradients/register.ts';

export type { DataType, Rank, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
export * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients of TensorFlow.js kernels.
 *
 * `@tensorflow/tfjs-core` exports none to Node: its gradients are registered by the `@tensorflow/tfjs` umbrella
 * package, which brings layers, converters and WebGL along. These are ours, written so that the backward pass
 * makes a small graph: reduce before scaling, broadcast last, reuse outputs. First order only: kernels that appear
 * only in gradients (filter gradients, segment sums) have none of their own.
 */
import { registerGradient } from '@tensorflow/tfjs-core';
import { binaryGradients } from './binary.ts';
import { convolutionGradients } from './convolutions.ts';
import { define } from './define.ts';
import { listGradients } from './lists.ts';
import { productGradients } from './products.ts';
import { reductionGradients } from './reductions.ts';
import { structureGradients } from './structure.ts';
import { unaryGradients } from './unary.ts';

const groups = [
  unaryGradients,
  binaryGradients,
  reductionGradients,
  structureGradients,
  productGradients,
  convolutionGradients,
];
for (const group of groups) group.forEach(define);
listGradients.forEach(registerGradient);

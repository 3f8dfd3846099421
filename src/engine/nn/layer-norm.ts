import { constant, zeros } from '../initialisers.ts';
import { type ParameterSpecs, parameter } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';
import { normalise } from './normalise.ts';

/** `scale` [size], at 1, and `shift` [size], at 0. */
export function layerNormSpecs(prefix: string, size: number): ParameterSpecs {
  return {
    [`${prefix}.scale`]: { shape: [size], init: constant(1) },
    [`${prefix}.shift`]: { shape: [size], init: zeros },
  };
}

/**
 * Layer normalisation over the last axis with learned scale and shift (Ba, Kiros and Hinton, 2016):
 * [..., size] -> [..., size]. Without them: `normalise`.
 */
export function layerNorm(parameters: Tensors, prefix: string, x: Tensor): Tensor {
  const scale = parameter(parameters, `${prefix}.scale`);
  const shift = parameter(parameters, `${prefix}.shift`);
  return tf.add(tf.mul(normalise(x), scale), shift);
}

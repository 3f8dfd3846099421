import { kaimingUniform, zeros } from '../initialisers.ts';
import { type ParameterSpecs, parameter } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';

export interface LinearOptions {
  /** @defaultValue true */
  readonly bias?: boolean;
  /** Start at zero, so that the layer adds nothing at first. @defaultValue false */
  readonly zero?: boolean;
}

/** `weight` [inputs, outputs] and `bias` [outputs], drawn as PyTorch's `Linear` draws them. */
export function linearSpecs(
  prefix: string,
  inputs: number,
  outputs: number,
  { bias = true, zero = false }: LinearOptions = {},
): ParameterSpecs {
  const init = zero ? zeros : kaimingUniform(inputs);
  return {
    [`${prefix}.weight`]: { shape: [inputs, outputs], init },
    ...(bias ? { [`${prefix}.bias`]: { shape: [outputs], init } } : {}),
  };
}

/** x W + b over the last axis: [..., inputs] -> [..., outputs]. */
export function linear(parameters: Tensors, prefix: string, x: Tensor): Tensor {
  const weight = parameter(parameters, `${prefix}.weight`);
  const bias = parameters[`${prefix}.bias`];
  const [inputs, outputs] = weight.shape as [number, number];
  // One large matrix product is faster than a batch of small ones.
  const rows = x.rank === 2 ? x : tf.reshape(x, [-1, inputs]);
  const product = tf.matMul(rows, weight);
  const result = bias === undefined ? product : tf.add(product, bias);
  return x.rank === 2 ? result : tf.reshape(result, [...x.shape.slice(0, -1), outputs]);
}

/** `linear` of inputs of which the last are zero and left out: x [R, first of the inputs] -> [R, outputs]. */
export function linearOfFirst(parameters: Tensors, prefix: string, x: Tensor): Tensor {
  const weight = parameter(parameters, `${prefix}.weight`);
  const [inputs, outputs] = weight.shape as [number, number];
  const given = x.shape.at(-1)!;
  if (given === inputs) return linear(parameters, prefix, x);
  const first = tf.slice(weight, [0, 0], [given, outputs]);
  return linear({ ...parameters, [`${prefix}.weight`]: first }, prefix, x);
}

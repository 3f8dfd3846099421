import { kaimingUniform } from '../initialisers.ts';
import { type ParameterSpecs, parameter } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, type Tensor4D, tf } from '../tf.ts';

export interface ConvSpecsOptions {
  /** Side of the square filter, in pixels. */
  readonly kernel: number;
  /** @defaultValue true */
  readonly bias?: boolean;
}

export interface ConvOptions {
  /** @defaultValue 1 */
  readonly stride?: number;
  /** Zeros added on every side, in pixels. @defaultValue 0 */
  readonly pad?: number;
}

/** `weight` [kernel, kernel, inputs, outputs] and `bias` [outputs], drawn as PyTorch's `Conv2d` draws them. */
export function convSpecs(
  prefix: string,
  inputs: number,
  outputs: number,
  { kernel, bias = true }: ConvSpecsOptions,
): ParameterSpecs {
  const init = kaimingUniform(kernel * kernel * inputs);
  return {
    [`${prefix}.weight`]: { shape: [kernel, kernel, inputs, outputs], init },
    ...(bias ? { [`${prefix}.bias`]: { shape: [outputs], init } } : {}),
  };
}

/** Two-dimensional convolution, channels last: [R, height, width, inputs] -> [R, height', width', outputs]. */
export function conv(
  parameters: Tensors,
  prefix: string,
  x: Tensor,
  { stride = 1, pad = 0 }: ConvOptions = {},
): Tensor {
  const weight = parameter(parameters, `${prefix}.weight`) as Tensor4D;
  const bias = parameters[`${prefix}.bias`];
  const y = tf.conv2d(x as Tensor4D, weight, stride, pad);
  return bias === undefined ? y : tf.add(y, bias);
}

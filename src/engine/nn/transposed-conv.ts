import { kaimingUniform } from '../initialisers.ts';
import { type ParameterSpecs, parameter } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, type Tensor4D, tf } from '../tf.ts';

/** Side of the square filter, in pixels: each output pixel is made of 2 x 2 of the inputs. */
const kernel = 4;
const stride = 2;

/** `weight` [4, 4, outputs, inputs] and `bias` [outputs], drawn uniformly for the inputs that reach one output. */
export function transposedConvSpecs(prefix: string, inputs: number, outputs: number): ParameterSpecs {
  const init = kaimingUniform((kernel / stride) ** 2 * inputs);
  return {
    [`${prefix}.weight`]: { shape: [kernel, kernel, outputs, inputs], init },
    [`${prefix}.bias`]: { shape: [outputs], init },
  };
}

/** Transposed convolution that doubles a map, channels last: [R, height, width, inputs] -> [R, 2 height, 2 width, outputs]. */
export function transposedConv(parameters: Tensors, prefix: string, x: Tensor): Tensor {
  const weight = parameter(parameters, `${prefix}.weight`) as Tensor4D;
  const [rows, height, width] = x.shape as [number, number, number];
  const shape: [number, number, number, number] = [rows, stride * height, stride * width, weight.shape[2]];
  const y = tf.conv2dTranspose(x as Tensor4D, weight, shape, stride, 'same');
  return tf.add(y, parameter(parameters, `${prefix}.bias`));
}

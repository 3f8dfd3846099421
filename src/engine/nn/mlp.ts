import { UsageError } from '../../core/errors.ts';
import type { ParameterSpecs } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';
import { type ActivationName, activation as activate } from './activation.ts';
import { layerNorm, layerNormSpecs } from './layer-norm.ts';
import { linear, linearSpecs } from './linear.ts';

export interface MlpSpecsOptions {
  /** Normalise each hidden layer before its activation. @defaultValue false */
  readonly layerNorm?: boolean;
  /** Start the output layer at zero: a residual branch then starts as the identity. @defaultValue false */
  readonly zeroOutput?: boolean;
}

export interface MlpOptions {
  readonly activation: ActivationName;
  /** As the specs were made. @defaultValue false */
  readonly layerNorm?: boolean;
}

/** Layers `prefix.0`, `prefix.1`, ... of the given widths [inputs, hidden ..., outputs], norms at `prefix.0.norm`. */
export function mlpSpecs(
  prefix: string,
  sizes: readonly number[],
  { layerNorm = false, zeroOutput = false }: MlpSpecsOptions = {},
): ParameterSpecs {
  if (sizes.length < 2) throw new UsageError(`mlp '${prefix}' needs at least an input and an output size`);
  const last = sizes.length - 2;
  return Object.assign(
    {},
    ...sizes.slice(1).map((outputs, i) => ({
      ...linearSpecs(`${prefix}.${i}`, sizes[i]!, outputs, { zero: zeroOutput && i === last }),
      ...(layerNorm && i < last ? layerNormSpecs(`${prefix}.${i}.norm`, outputs) : {}),
    })),
  );
}

/**
 * A multi-layer perceptron over the last axis: [..., inputs] -> [..., outputs]. Each hidden layer is linear, then
 * layer normalisation if asked for, then the activation; the output is linear.
 */
export function mlp(
  parameters: Tensors,
  prefix: string,
  x: Tensor,
  { activation, layerNorm: normalised = false }: MlpOptions,
): Tensor {
  const layers = countLayers(parameters, prefix);
  const hasNorm = `${prefix}.0.norm.scale` in parameters;
  if (layers > 1 && hasNorm !== normalised)
    throw new UsageError(
      `mlp '${prefix}' was called with layerNorm ${normalised}, its specs were made with ${hasNorm}`,
    );

  let y = x.rank === 2 ? x : tf.reshape(x, [-1, x.shape.at(-1)!]);
  for (let i = 0; i < layers; i++) {
    y = linear(parameters, `${prefix}.${i}`, y);
    if (i === layers - 1) break;
    if (normalised) y = layerNorm(parameters, `${prefix}.${i}.norm`, y);
    y = activate(activation, y);
  }
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), y.shape[1]!]);
}

function countLayers(parameters: Tensors, prefix: string): number {
  let layers = 0;
  while (`${prefix}.${layers}.weight` in parameters) layers++;
  if (layers === 0) throw new UsageError(`no parameters of an mlp under '${prefix}' ('${prefix}.0.weight' is missing)`);
  return layers;
}

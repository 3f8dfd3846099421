import { UsageError } from '../../core/errors.ts';
import type { ParameterSpecs } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';
import { linear, linearSpecs } from './linear.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** Each position sees itself and earlier ones only. @defaultValue false */
  readonly causal?: boolean;
}

/** `qkv` [size, 3 size]: queries, keys and values side by side; `out` [size, size]. */
export function attentionSpecs(prefix: string, size: number): ParameterSpecs {
  return { ...linearSpecs(`${prefix}.qkv`, size, 3 * size), ...linearSpecs(`${prefix}.out`, size, size) };
}

/**
 * Multi-head self-attention (Vaswani et al., 2017): tokens [R, T, size] -> [R, T, size], softmax(Q K^T / sqrt(d)) V
 * in each head of width d = size / heads.
 */
export function attention(
  parameters: Tensors,
  prefix: string,
  tokens: Tensor,
  { heads, causal = false }: AttentionOptions,
): Tensor {
  const [rows, count, size] = tokens.shape as [number, number, number];
  if (size % heads !== 0)
    throw new UsageError(`attention '${prefix}': ${heads} heads do not divide a width of ${size}`);
  const width = size / heads;

  const qkv = tf.reshape(linear(parameters, `${prefix}.qkv`, tokens), [rows, count, 3, heads, width]);
  // One transposition for all three: [3, R, heads, T, width].
  const [queries, keys, values] = tf
    .split(tf.transpose(qkv, [2, 0, 3, 1, 4]), 3)
    .map((part) => tf.reshape(part, [rows, heads, count, width])) as [Tensor, Tensor, Tensor];

  const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(width));
  const weights = tf.softmax(causal ? tf.add(scores, causalMask(count)) : scores);
  const mixed = tf.transpose(tf.matMul(weights, values), [0, 2, 1, 3]);
  return linear(parameters, `${prefix}.out`, tf.reshape(mixed, [rows, count, size]));
}

/** [T, T]: 0 up to and on the diagonal, so negative beyond it that the softmax is 0. */
function causalMask(count: number): Tensor {
  const mask = Float32Array.from({ length: count * count }, (_, i) => (i % count > Math.floor(i / count) ? -1e9 : 0));
  return tf.tensor(mask, [count, count]);
}

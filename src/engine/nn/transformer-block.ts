import { UsageError } from '../../core/errors.ts';
import type { ParameterSpecs } from '../parameters.ts';
import type { Tensors } from '../program.ts';
import { type Tensor, tf } from '../tf.ts';
import { type ActivationName, activation as activate } from './activation.ts';
import { type AttentionOptions, attention, attentionSpecs } from './attention.ts';
import { layerNorm, layerNormSpecs } from './layer-norm.ts';
import { linear, linearSpecs } from './linear.ts';
import { mlp, mlpSpecs } from './mlp.ts';
import { normalise } from './normalise.ts';

export interface TransformerBlockSpecsOptions {
  /** Width of the hidden layer. @defaultValue 4 times the size */
  readonly hidden?: number;
  /** Size of the vector that conditions the block. @defaultValue none: plain layer normalisation */
  readonly conditioning?: number;
}

export interface TransformerBlockOptions extends AttentionOptions {
  /** @defaultValue 'gelu' */
  readonly activation?: ActivationName;
  /** [R, C], or [R, T, C] for one a token: needed exactly where the specs were made with it. */
  readonly conditioning?: Tensor;
}

/** `attention`, `mlp` [size, hidden, size], and either `norm1` and `norm2` or `modulation` [conditioning, 6 size]. */
export function transformerBlockSpecs(
  prefix: string,
  size: number,
  { hidden = 4 * size, conditioning }: TransformerBlockSpecsOptions = {},
): ParameterSpecs {
  return {
    ...attentionSpecs(`${prefix}.attention`, size),
    ...mlpSpecs(`${prefix}.mlp`, [size, hidden, size]),
    ...(conditioning === undefined
      ? { ...layerNormSpecs(`${prefix}.norm1`, size), ...layerNormSpecs(`${prefix}.norm2`, size) }
      : linearSpecs(`${prefix}.modulation`, conditioning, 6 * size, { zero: true })),
  };
}

/**
 * A pre-norm transformer block, x + attention(norm(x)) then x + mlp(norm(x)): tokens [R, T, size] -> [R, T, size].
 *
 * Conditioned, it is DiT's AdaLN-zero (Peebles and Xie, 2023): the norms' scale and shift and a gate on each branch
 * come from SiLU(conditioning) through a linear layer that starts at zero, so the block starts as the identity.
 */
export function transformerBlock(
  parameters: Tensors,
  prefix: string,
  tokens: Tensor,
  { activation = 'gelu', conditioning, ...attentionOptions }: TransformerBlockOptions,
): Tensor {
  const [first, second] = branches(parameters, prefix, conditioning);
  const attended = attention(parameters, `${prefix}.attention`, first.norm(tokens), attentionOptions);
  const between = tf.add(tokens, first.gate(attended));
  const transformed = mlp(parameters, `${prefix}.mlp`, second.norm(between), { activation });
  return tf.add(between, second.gate(transformed));
}

/** What stands before and after a residual branch. */
interface Branch {
  norm(x: Tensor): Tensor;
  gate(x: Tensor): Tensor;
}

function branches(parameters: Tensors, prefix: string, conditioning: Tensor | undefined): readonly [Branch, Branch] {
  const conditioned = `${prefix}.modulation.weight` in parameters;
  if (conditioned !== (conditioning !== undefined))
    throw new UsageError(
      `transformer block '${prefix}' was made ${conditioned ? 'with' : 'without'} conditioning and called ${conditioned ? 'without' : 'with'} it`,
    );
  if (conditioning === undefined) {
    const plain = (name: string): Branch => ({ norm: (x) => layerNorm(parameters, name, x), gate: (x) => x });
    return [plain(`${prefix}.norm1`), plain(`${prefix}.norm2`)];
  }

  const modulation = linear(parameters, `${prefix}.modulation`, activate('silu', conditioning));
  const perToken =
    conditioning.rank === 3 ? modulation : tf.reshape(modulation, [conditioning.shape[0]!, 1, modulation.shape[1]!]);
  const parts = tf.split(perToken, 6, 2);
  const modulated = (shift: Tensor, scale: Tensor, gate: Tensor): Branch => ({
    norm: (x) => tf.add(tf.mul(normalise(x), tf.add(scale, 1)), shift),
    gate: (x) => tf.mul(x, gate),
  });
  return [modulated(parts[0]!, parts[1]!, parts[2]!), modulated(parts[3]!, parts[4]!, parts[5]!)];
}

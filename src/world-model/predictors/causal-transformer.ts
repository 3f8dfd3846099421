import { UsageError } from '../../core/errors.ts';
import { normal } from '../../engine/initialisers.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import { transformerBlock, transformerBlockSpecs } from '../../engine/nn/transformer-block.ts';
import { parameter } from '../../engine/parameters.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { CausalTransformerConfig } from '../config.ts';
import { changed } from '../static-part.ts';
import { flatten, type Predictor, type PredictorSizes } from './predictor.ts';

/**
 * A causal transformer over the latest `window` latents, the present one last, each a token conditioned by the action
 * that followed it through AdaLN-zero (Peebles and Xie, 2023): LeWorldModel's predictor (Maes et al., 2026), smaller.
 * What the last token says is the change: z' = LN(z + W LN(token)). W starts at zero: at first nothing moves.
 *
 * It remembers earlier latents and actions, [R, T, D + A] with T < window, none at first: a window that isn't full yet
 * is a shorter sequence, with no padding to be told from what was seen. Positions count back from the present.
 */
export function causalTransformer(
  { window, width, heads, blocks }: CausalTransformerConfig,
  { latentSize, staticSize = 0, actionSize }: PredictorSizes,
): Predictor {
  if (width % heads !== 0)
    throw new UsageError(`predictor 'causal-transformer': ${heads} heads do not divide a width of ${width}`);
  const described = latentSize + actionSize;
  const blockNames = Array.from({ length: blocks }, (_, i) => `predictor.block${i + 1}`);
  return {
    specs: {
      ...linearSpecs('predictor.in', latentSize, width),
      ...linearSpecs('predictor.action', actionSize, width),
      'predictor.position': { shape: [window, width], init: normal(0.02) },
      ...Object.assign({}, ...blockNames.map((name) => transformerBlockSpecs(name, width, { conditioning: width }))),
      ...linearSpecs('predictor.out', width, latentSize - staticSize, { zero: true }),
    },
    step(parameters, { latent, memory }, action) {
      const rows = latent.shape[0]!;
      const now = tf.expandDims(tf.concat([flatten(latent), action], 1), 1);
      const seen = memory === null ? now : tf.concat([memory, now], 1);
      const count = seen.shape[1]!;
      const [latents, actions] = tf.split(seen, [latentSize, actionSize], 2) as [Tensor, Tensor];
      const position = tf.slice(parameter(parameters, 'predictor.position'), [window - count, 0], [count, width]);
      const conditioning = linear(parameters, 'predictor.action', actions);
      let tokens = tf.add(linear(parameters, 'predictor.in', latents), position);
      for (const name of blockNames)
        tokens = transformerBlock(parameters, name, tokens, { heads, causal: true, conditioning });
      const last = tf.reshape(tf.slice(tokens, [0, count - 1, 0], [rows, 1, width]), [rows, width]);
      const change = linear(parameters, 'predictor.out', normalise(last));
      const kept = Math.min(count, window - 1);
      return {
        latent: tf.expandDims(changed(flatten(latent), change), 1),
        memory: kept === 0 ? null : tf.slice(seen, [0, count - kept, 0], [rows, kept, described]),
      };
    },
  };
}

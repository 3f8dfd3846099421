import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { sum } from '../losses/steps.ts';
import type { AuxiliaryWeights } from './config.ts';
import { curvature } from './straightening.ts';
import { temporalSimilarity } from './temporal-similarity.ts';
import { temporalVariance } from './temporal-variance.ts';

/**
 * The terms on encoded latents that any objective can be joined by, weighted. What has weight 0 is left out, but for
 * the similarity, which is always shown.
 *
 * @param encoded [B, T, N, D]
 * @param neighbours indices of frames whose next frame is one step later
 */
export function auxiliaryLoss(
  encoded: Tensor,
  presence: Tensor | null,
  offsets: readonly number[],
  neighbours: readonly number[],
  weights: AuxiliaryWeights,
): { readonly loss: Tensor; readonly metrics: Tensors } {
  const metrics: Record<string, Tensor> = { similarity: temporalSimilarity(encoded, neighbours, presence) };
  const terms = [tf.mul(metrics.similarity!, weights.similarity)];
  if (weights.straightening > 0) {
    metrics.curvature = curvature(encoded, offsets, presence);
    terms.push(tf.mul(metrics.curvature, weights.straightening));
  }
  if (weights.temporalVariance > 0) {
    metrics.temporalVariance = temporalVariance(encoded, presence);
    terms.push(tf.mul(metrics.temporalVariance, weights.temporalVariance));
  }
  return { loss: sum(terms), metrics };
}

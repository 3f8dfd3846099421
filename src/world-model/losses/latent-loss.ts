import type { Tensor } from '../../engine/tf.ts';
import { rolloutError } from '../objectives/rollout.ts';
import type { WorldModel } from '../world-model.ts';
import { mean, step, window } from './steps.ts';
import type { TrainingLoss } from './training-loss.ts';

/**
 * The loss of a predictor on an encoder that stands still: latents rolled forward from a window's first one by the
 * actions alone must meet the later ones. Nothing keeps latents apart, since nothing moves them. The heads of an
 * ensemble are each judged by their own predictions.
 *
 * @param latents [B, K + 1, N, D], of consecutive frames
 * @param actions [B, K, A]
 */
export function latentLoss(model: Pick<WorldModel, 'imagine'>, latents: Tensor, actions: Tensor): TrainingLoss {
  const steps = Array.from({ length: actions.shape[1]! }, (_, k) => step(actions, k));
  const { heads } = model.imagine(window(latents, 0), steps);
  const loss = mean(heads.map((own) => rolloutError(own.slice(1), latents, null)));
  return { loss, metrics: { rollout: loss }, latents: { encoded: latents, presence: null }, chance: () => ({}) };
}

import { mlp, mlpSpecs } from '../engine/nn/mlp.ts';
import { normalise } from '../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../engine/parameters.ts';
import type { Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentSize, type ModelConfig, measuredSize, staticSize } from './config.ts';
import { window } from './losses/steps.ts';
import { changed } from './static-part.ts';

/** Frames that it has seen when it foretells: two show where things are and how they move. */
export const contextFrames = 2;

/** Hidden layers of what foretells. */
const hidden = [192, 192];

/**
 * Parameters of an action-free predictor for windows of `frames` frames: what comes of what was seen, not knowing what
 * anyone does. It serves to train an encoder on frames alone, and is thrown away.
 */
export function onlookerSpecs(config: ModelConfig, frames: number): ParameterSpecs {
  const size = latentSize(config);
  const described = contextFrames * size * (isSlots(config) ? 2 : 1) + frames - contextFrames;
  return mlpSpecs('onlooker', [described, ...hidden, size - staticSize(config)], { zeroOutput: true });
}

/**
 * Latents of the later frames of each window, foretold from its first two: the present one and a change,
 *
 *     z_k = z_1 + MLP([z_0, z_1, one-hot k]),
 *
 * learned numbers normalised again. Of slots each thing is told of the pusher beside itself, all by one MLP. As V-JEPA
 * predicts the latents of masked parts of a film from the rest (Bardes et al., 2024), the masked part being what is
 * still to come.
 *
 * @param encoded [B, T, N, D]
 * @returns T - 2 times [B, N, D]
 */
export function foretell(config: ModelConfig, parameters: Tensors, encoded: Tensor): Tensor[] {
  const [batch, frames, slots, size] = encoded.shape as [number, number, number, number];
  const measured = measuredSize(config);
  const seen = Array.from({ length: contextFrames }, (_, i) => window(encoded, i));
  const now = seen.at(-1)!;
  const pusher = (z: Tensor): Tensor => tf.tile(tf.slice(z, [0, 0, 0], [batch, 1, size]), [1, slots, 1]);
  const told = tf.concat(isSlots(config) ? [...seen, ...seen.map(pusher)] : seen, 2);
  const later = frames - contextFrames;
  return Array.from({ length: later }, (_, k) => {
    const ahead = tf.tile(oneHot(k, later), [batch, slots, 1]);
    const change = mlp(parameters, 'onlooker', tf.concat([told, ahead], 2), { activation: 'silu' });
    if (measured === 0) return changed(now, change);
    const next = tf.add(now, change);
    const [places, learned] = tf.split(next, [measured, size - measured], 2) as [Tensor, Tensor];
    return tf.concat([places, normalise(learned)], 2);
  });
}

/** [1, 1, length] */
function oneHot(index: number, length: number): Tensor {
  return tf.tensor(
    Array.from({ length }, (_, i) => Number(i === index)),
    [1, 1, length],
  );
}

/** Whether there are things beside the pusher. */
function isSlots(config: ModelConfig): boolean {
  return measuredSize(config) > 0;
}

import { proprioceptionNames } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import { linear, linearSpecs } from '../engine/nn/linear.ts';
import type { ParameterSpecs } from '../engine/parameters.ts';
import type { TensorSpec, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentParts, type ModelConfig, staticSize, velocitySize } from './config.ts';
import { changed } from './static-part.ts';

/** Numbers of an observation's proprioception. */
const bodySize = proprioceptionNames.length;

/** Parameters of the fusion: of flat latents one layer, which starts at zero, of slots none. */
export function proprioceptionSpecs(config: ModelConfig): ParameterSpecs {
  const { place, learned } = latentParts(config);
  if (config.proprioception === undefined || place > 0) return {};
  return linearSpecs('fusion', learned + velocitySize, learned - staticSize(config), { zero: true });
}

/** The input that programs which encode have beside pictures: [rows, 4] where the model wants it, else none. */
export function proprioceptionInput(config: ModelConfig, rows: number): Record<string, TensorSpec> {
  return config.proprioception === undefined ? {} : { proprioception: { shape: [rows, bodySize] } };
}

/**
 * What an encoder made of pictures, [R, N, D'], and what the pusher's body told beside them, [R, 4], as latents
 * [R, N, D]. Late fusion: nothing in the encoder knows of it. Only the velocity counts, since the picture shows the place;
 * so a picture of a goal has a latent too, that of being at rest there.
 *
 * - Slots: the velocity, scaled, comes after what is measured of slot 0; others have zeros there.
 * - Flat latents: z' = LN(z + W [z, velocity]). W starts at zero: at first nothing is felt.
 *
 * @throws UsageError where the model goes by proprioception and there is none
 */
export function fuseProprioception(
  config: ModelConfig,
  parameters: Tensors,
  encoded: Tensor,
  proprioception: Tensor | undefined,
): Tensor {
  if (config.proprioception === undefined) return encoded;
  if (proprioception === undefined) {
    throw new UsageError(
      `this model goes by proprioception beside pictures: give \`encode\` [rows, ${bodySize}] as in observations`,
    );
  }
  const [rows, slots, size] = encoded.shape as [number, number, number];
  const velocity = tf.mul(
    tf.slice(proprioception, [0, bodySize - velocitySize], [rows, velocitySize]),
    config.proprioception.velocityScale,
  );
  const { place, moments, learned } = latentParts(config);
  if (place === 0) {
    const flat = tf.reshape(encoded, [rows, size]);
    const felt = linear(parameters, 'fusion', tf.concat([flat, velocity], 1));
    return tf.expandDims(changed(flat, felt), 1);
  }
  const still = tf.zeros([rows, slots - 1, velocitySize]);
  const [seen, what] = tf.split(encoded, [place + moments, learned], 2) as [Tensor, Tensor];
  return tf.concat([seen, tf.concat([tf.expandDims(velocity, 1), still], 1), what], 2);
}

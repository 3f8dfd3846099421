import { compile } from '../../src/engine/compile.ts';
import { type ParameterLayout, unpack } from '../../src/engine/parameters.ts';
import type { CompileOptions } from '../../src/engine/program.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import type { TrainingData } from '../../src/training/training-data.ts';
import { window } from '../../src/world-model/losses/steps.ts';
import { imagine } from '../../src/world-model/losses/window-loss.ts';
import { bindWorldModel } from '../../src/world-model/world-model.ts';

/** Predictor steps after which the error is measured. */
export const horizons = [1, 4, 8, 12] as const;
export const horizonOffsets: readonly number[] = [0, ...horizons];

export interface RolloutErrors {
  /** Mean distance from the probed to the true position in table widths: seen, then 1, 4, 8, 12 steps imagined. */
  readonly position: readonly number[];
  /**
   * Mean squared difference of imagined and encoded latents, as a share of the latents' variance, after 1, 4, 8, 12
   * steps: 1 is no better than the mean latent. NaN for latents that do not vary.
   */
  readonly latent: readonly number[];
}

const batches = 8;
/** On the table, what rests is foretold for free: objects count that go further than this, in table widths. */
const movingDistance = 0.015;

/** Errors on held-out windows. `data` is prepared with `horizonOffsets`. */
export async function measureRollouts(
  data: TrainingData,
  layout: ParameterLayout,
  parameters: Float32Array,
  options: CompileOptions,
): Promise<RolloutErrors> {
  const executable = await compile(
    {
      name: 'rollout-errors',
      inputs: { ...data.heldOut.inputs, parameters: { shape: [layout.size] } },
      run({ parameters: flat, ...batch }) {
        const bound = unpack(flat!, layout);
        const model = bindWorldModel(data.config, bound);
        const encoded = data.encode(bound, batch);
        const seen = window(encoded, 0);
        const latents = [seen, ...imagine(model, encoded, batch.actions!, horizonOffsets, batch.presence)];
        const mean = tf.mean(encoded, [0, 1], true);
        const outputs: Record<string, Tensor> = { variance: tf.mean(tf.squaredDifference(encoded, mean)) };
        latents.forEach((latent, i) => {
          const truth = things(window(batch.labels!, i));
          const gone = distance(truth, things(window(batch.labels!, 0)));
          // A single dot always counts; nothing has moved yet in the first frame.
          const everything = batch.presence === undefined || i === 0;
          const counts = everything ? tf.onesLike(gone) : tf.cast(tf.greater(gone, movingDistance), 'float32');
          const present = batch.presence === undefined ? counts : tf.mul(counts, batch.presence);
          const errors = distance(things(model.probe(latent).position), truth);
          outputs[`error${i}`] = tf.sum(tf.mul(errors, present));
          outputs[`count${i}`] = tf.sum(present);
          outputs[`latent${i}`] = tf.mean(tf.squaredDifference(latent, window(encoded, i)));
        });
        return outputs;
      },
    },
    options,
  );
  const sums: Record<string, number> = {};
  for (let batch = 0; batch < batches; batch++) {
    const results = await executable.run({ ...data.heldOut.batchAt(batch), parameters });
    for (const [name, [value]] of Object.entries(results)) sums[name] = (sums[name] ?? 0) + value!;
  }
  await executable.dispose();
  return {
    position: horizonOffsets.map((_, i) => sums[`error${i}`]! / sums[`count${i}`]!),
    latent: horizons.map((_, i) => sums[`latent${i + 1}`]! / sums.variance!),
  };

  /** Without the pusher's slot, where there are several: [B, N, D] -> [B, N', D]. */
  function things(x: Tensor): Tensor {
    const [batch, slots, size] = x.shape as [number, number, number];
    return slots === 1 ? x : tf.slice(x, [0, 1, 0], [batch, slots - 1, size]);
  }
}

/** [B, N, 2] x [B, N, 2] -> [B, N] */
function distance(a: Tensor, b: Tensor): Tensor {
  return tf.sqrt(tf.sum(tf.squaredDifference(a, b), 2));
}

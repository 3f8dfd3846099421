import { createRng } from '../../src/core/rng.ts';
import { normalise } from '../../src/engine/nn/normalise.ts';
import { constants, initialise, layoutOf } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { latentSize, type ModelConfig, measuredSize } from '../../src/world-model/config.ts';
import { watchLoss } from '../../src/world-model/losses/watch-loss.ts';
import { defaultObjective } from '../../src/world-model/objectives/config.ts';
import { foretell, onlookerSpecs } from '../../src/world-model/onlooker.ts';
import { encoders, modelWith } from './sample-models.ts';

const offsets = [0, 1, 2, 4];
const [batch, frames] = [5, offsets.length];
const flat = modelWith({ encoder: encoders['strided-convolution'] });
const slots = modelWith({ encoder: encoders['colour-slots'] });

/** Latents as encoders give them: what is learned is normalised. */
function latents(config: ModelConfig, values: Tensor): Tensor {
  const measured = measuredSize(config);
  if (measured === 0) return normalise(values);
  const [places, learned] = tf.split(values, [measured, values.shape[3]! - measured], 3) as [Tensor, Tensor];
  return tf.concat([places, normalise(learned)], 3);
}

interface Case {
  readonly values: Float32Array;
  readonly presence: readonly number[];
  /** Parameters as they begin say that nothing moves; stirred ones say something. */
  readonly stirred: boolean;
}

/** Loss, metrics and what is foretold of random windows. */
async function run(config: ModelConfig, { values, presence, stirred }: Case): Promise<Record<string, Float32Array>> {
  const count = config === flat ? 1 : 3;
  const layout = layoutOf(onlookerSpecs(config, frames));
  const drawn = initialise(layout, createRng(3, 'onlooker'));
  const rng = createRng(4, 'stir');
  const parameters = stirred ? drawn.map((value) => value + 0.1 * rng.normal()) : drawn;
  const outputs = await runEager(
    {
      name: 'watch',
      inputs: {
        values: { shape: [batch, frames, count, latentSize(config)] },
        presence: { shape: [batch, Math.max(1, count - 1)] },
      },
      run({ values: raw, presence: filled }) {
        const encoded = latents(config, raw!);
        const windows = { encoded, teacher: null, noise: {}, presence: count === 1 ? null : filled! };
        const bound = constants(parameters, layout);
        const { loss, metrics } = watchLoss(config, bound, windows, offsets, defaultObjective('vicreg'));
        return { loss, ...metrics, foretold: tf.stack(foretell(config, bound, encoded), 1) };
      },
    },
    { values, presence: Float32Array.from(presence) },
  );
  return outputs as Record<string, Float32Array>;
}

function draw(config: ModelConfig): Float32Array {
  const rng = createRng(1, 'latents');
  const count = config === flat ? 1 : 3;
  return Float32Array.from({ length: batch * frames * count * latentSize(config) }, () => rng.normal());
}

const all = (count: number) => Array.from({ length: count }, () => 1);

describe.each([
  ['flat', flat, 1],
  ['slots', slots, 2],
] as const)('%s', (_, config, objects) => {
  const presence = all(batch * objects);

  test('an onlooker who has learned nothing says that nothing moves', async () => {
    const { rollout, unmoved } = await run(config, { values: draw(config), presence, stirred: false });
    expect(rollout![0]).toBeCloseTo(unmoved![0]!, 4);
    expect(rollout![0]).toBeGreaterThan(0.5);
  });

  test('what is foretold depends on the first two frames and on nothing later', async () => {
    const values = draw(config);
    const before = await run(config, { values, presence, stirred: true });
    const size = values.length / batch / frames;
    // Each window's frames lie one after another.
    const changed = (frame: number) =>
      values.map((value, i) => (Math.floor(i / size) % frames === frame ? -value + 0.1 * (i % 7) : value));
    for (const frame of [0, 1]) {
      const { foretold } = await run(config, { values: changed(frame), presence, stirred: true });
      expect(foretold).not.toEqual(before.foretold);
    }
    for (const frame of [2, 3]) {
      const { foretold, loss } = await run(config, { values: changed(frame), presence, stirred: true });
      expect(foretold).toEqual(before.foretold);
      expect(loss![0]).not.toBeCloseTo(before.loss![0]!, 3);
    }
  });
});

test('slots that are not filled count for nothing', async () => {
  const values = draw(slots);
  const presence = Array.from({ length: batch * 2 }, (_, i) => (i % 2 === 0 ? 1 : 0));
  const size = latentSize(slots);
  const other = values.map((value, i) => (Math.floor(i / size) % 3 === 2 ? 2 - value : value));
  const [one, two] = [
    await run(slots, { values, presence, stirred: true }),
    await run(slots, { values: other, presence, stirred: true }),
  ];
  for (const name of ['loss', 'rollout', 'place', 'std']) expect(one[name]![0]).toBeCloseTo(two[name]![0]!, 5);
});

import { createRng } from '../../src/core/rng.ts';
import { constants, initialise, layoutOf } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import type { InteractionConfig } from '../../src/world-model/config.ts';
import { interactionSpecs, predictInteraction } from '../../src/world-model/predictors/interaction.ts';
import type { PredictorSizes } from '../../src/world-model/predictors/predictor.ts';

const small: InteractionConfig = { kind: 'interaction', pusherHidden: [8], width: 12, messageWidth: 5 };
const kinds: readonly { name: string; config: InteractionConfig; sizes: PredictorSizes }[] = [
  { name: 'place and what', config: small, sizes: { latentSize: 6, measuredSize: 2, actionSize: 2 } },
  {
    name: 'place, moments and what, along the line to the pusher',
    config: { ...small, axes: 'pusher', residualLayers: 2 },
    sizes: { latentSize: 12, measuredSize: 8, actionSize: 2 },
  },
  {
    name: 'place, moments, velocity and what',
    config: { ...small, axes: 'pusher' },
    sizes: { latentSize: 14, measuredSize: 10, velocitySize: 2, actionSize: 2 },
  },
];

describe.each(kinds)('$name', ({ config, sizes }) => {
  const { latentSize, measuredSize, velocitySize = 0, actionSize } = sizes;
  const layout = layoutOf(interactionSpecs(config, sizes));
  // Nothing starts at zero here: a zero head would make every law below hold trivially.
  const rng = createRng(7, 'interaction');
  const values = initialise(layout, rng).map((value) => (value === 0 ? 0.3 * rng.normal() : value));
  async function predict(latent: number[][], action: number[], presence?: number[]): Promise<number[][]> {
    const slots = latent.length;
    const { next } = await runEager(
      {
        name: 'predict',
        inputs: {
          latent: { shape: [1, slots, latentSize] },
          action: { shape: [1, actionSize] },
          ...(presence === undefined ? {} : { presence: { shape: [1, slots - 1] } }),
        },
        run: ({ latent: z, action: a, presence: p }) => ({
          next: predictInteraction(config, sizes, constants(values, layout), z!, a!, p),
        }),
      },
      {
        latent: Float32Array.from(latent.flat()),
        action: Float32Array.from(action),
        ...(presence === undefined ? {} : { presence: Float32Array.from(presence) }),
      },
      { backend: 'cpu' },
    );
    return latent.map((_, i) => [...next!.slice(i * latentSize, (i + 1) * latentSize)]);
  }

  const row = () => Array.from({ length: latentSize }, () => rng.normal());
  function close(a: number[], b: number[]): void {
    for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, 5);
  }

  test('objects in another order are predicted the same, in that order', async () => {
    const [pusher, a, b, c] = [row(), row(), row(), row()];
    const straight = await predict([pusher, a, b, c], [0.4, -0.2]);
    const shuffled = await predict([pusher, c, a, b], [0.4, -0.2]);
    close(shuffled[0]!, straight[0]!);
    close(shuffled[1]!, straight[3]!);
    close(shuffled[2]!, straight[1]!);
    close(shuffled[3]!, straight[2]!);
  });

  test('an absent slot changes nothing for the others', async () => {
    const [pusher, a, b] = [row(), row(), row()];
    const alone = await predict([pusher, a, b], [0.1, 0.9]);
    const padded = await predict([pusher, a, b, row()], [0.1, 0.9], [1, 1, 0]);
    for (let i = 0; i < 3; i++) close(padded[i]!, alone[i]!);
  });

  test('the only object hears nothing, as one whose neighbours are absent', async () => {
    const [pusher, a] = [row(), row()];
    const alone = await predict([pusher, a], [0.5, 0.5]);
    const padded = await predict([pusher, a, row()], [0.5, 0.5], [1, 0]);
    close(padded[1]!, alone[1]!);
  });

  test('objects do hear each other, and the pusher hears none', async () => {
    const [pusher, a] = [row(), row()];
    const one = await predict([pusher, a, row()], [0.5, 0.5]);
    const other = await predict([pusher, a, row()], [0.5, 0.5]);
    expect(Math.max(...one[1]!.map((value, i) => Math.abs(value - other[1]![i]!)))).toBeGreaterThan(1e-3);
    close(one[0]!, other[0]!);
  });

  test('an object turns as a rigid thing does: the size of each moment stays', async () => {
    const [pusher, a] = [row(), row()];
    const [, next] = await predict([pusher, a], [0.8, -0.6]);
    for (let part = 2; part < 2 + (measuredSize - velocitySize - 2) / 2; part++) {
      const size = (latent: number[]): number => Math.hypot(latent[part]!, latent[part + 3]!);
      expect(size(next!)).toBeCloseTo(size(a), 5);
      expect(Math.abs(next![part]! - a[part]!)).toBeGreaterThan(1e-4);
    }
  });
});

test('parts that are left out have no parameters', () => {
  const sizes = { latentSize: 12, measuredSize: 8, actionSize: 2 };
  const names = (config: InteractionConfig) => Object.keys(interactionSpecs(config, sizes));
  expect(names(small).some((name) => name.startsWith('predictor.messages'))).toBe(true);
  expect(names({ ...small, messages: false }).some((name) => name.startsWith('predictor.messages'))).toBe(false);
  // The gate is one output of the head: without it, what is proposed happens.
  expect(names({ ...small, gate: false })).toEqual(names(small));
});

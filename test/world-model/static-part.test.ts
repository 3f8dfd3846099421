import fc from 'fast-check';
import { createRng } from '../../src/core/rng.ts';
import { constants } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { parseModelConfig } from '../../src/world-model/config.ts';
import { changed, normaliseParts } from '../../src/world-model/static-part.ts';
import { bindWorldModel } from '../../src/world-model/world-model.ts';
import { encoders, feeling, frameSide, modelWith, paintFrames, predictors, stirred } from './sample-models.ts';

const staticSize = 2;
const size = encoders['strided-convolution'].latentSize;
const kinds = ['residual-mlp', 'gru', 'causal-transformer'] as const;

test('each part is normalised by itself', async () => {
  const { parts } = await runEager(
    { name: 'parts', inputs: { x: { shape: [1, 4] } }, run: ({ x }) => ({ parts: normaliseParts(x!, 2) }) },
    { x: Float32Array.of(1, 3, 10, 30) },
  );
  // (x - mean) / std of (1, 3) and of (10, 30), each -1 and 1 but for the epsilon beside the variance.
  for (const [i, expected] of [-1, 1, -1, 1].entries()) expect((parts as Float32Array)[i]).toBeCloseTo(expected, 4);
});

test('what moves is changed and normalised, what is static is the same to the bit', async () => {
  const drawn = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(drawn, drawn, fc.integer({ min: 0, max: 4 }), async (latent, change, still) => {
      const { after } = await runEager(
        {
          name: 'changed',
          inputs: { latent: { shape: [1, 6] }, change: { shape: [1, 6 - still] } },
          run: (given) => ({ after: changed(given.latent!, given.change!) }),
        },
        { latent: Float32Array.from(latent), change: Float32Array.from(change.slice(0, 6 - still)) },
      );
      const values = [...(after as Float32Array)];
      expect(values.slice(6 - still)).toEqual(latent.slice(6 - still));
      expect(Math.abs(values.slice(0, 6 - still).reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-3);
    }),
    { numRuns: 30 },
  );
});

test.each(kinds)('%s carries it through imagination, bit for bit, and moves the rest', async (kind) => {
  const encoder = { ...encoders['strided-convolution'], staticSize };
  const config = modelWith({ encoder, predictor: predictors[kind] });
  const { layout, parameters } = stirred(config);
  const { latents } = await runEager(
    {
      name: 'imagine',
      inputs: { frames: { shape: [4, frameSide, frameSide, 3] }, action: { shape: [4, 2] } },
      run({ frames, action }) {
        const model = bindWorldModel(config, constants(parameters, layout));
        const imagined = model.imagine(model.encode(frames!), [action!, action!, action!]);
        return { latents: tf.stack([...imagined.latents]) };
      },
    },
    { frames: paintFrames(4, createRng(0, 'frames')), action: Float32Array.from({ length: 8 }, (_, i) => i / 8) },
  );
  const rows = latents as Float32Array;
  const row = (step: number, index: number) => [
    ...rows.subarray(size * (4 * step + index), size * (4 * step + index + 1)),
  ];
  for (const index of [0, 1, 2, 3])
    for (const step of [1, 2, 3]) {
      expect(row(step, index).slice(size - staticSize)).toEqual(row(0, index).slice(size - staticSize));
      expect(row(step, index).slice(0, size - staticSize)).not.toEqual(row(0, index).slice(0, size - staticSize));
    }
});

test('what the pusher feels moves none of it', async () => {
  const { encoder, ...rest } = feeling['strided-convolution with proprioception']!;
  const config = { ...rest, encoder: { ...encoders['strided-convolution'], staticSize } };
  expect(encoder.kind).toBe('strided-convolution');
  const { layout, parameters } = stirred(config);
  const encode = async (velocity: number): Promise<number[]> => {
    const { latent } = await runEager(
      {
        name: 'feel',
        inputs: { frames: { shape: [1, frameSide, frameSide, 3] }, body: { shape: [1, 4] } },
        run: ({ frames, body }) => ({
          latent: bindWorldModel(config, constants(parameters, layout)).encode(frames!, body!),
        }),
      },
      { frames: paintFrames(1, createRng(1, 'frames')), body: Float32Array.of(0.5, 0.5, velocity, 0) },
    );
    return [...(latent as Float32Array)];
  };
  const [still, moving] = [await encode(0), await encode(0.1)];
  expect(moving.slice(size - staticSize)).toEqual(still.slice(size - staticSize));
  expect(moving.slice(0, size - staticSize)).not.toEqual(still.slice(0, size - staticSize));
});

test('something is left that can move', () => {
  const config = modelWith({ encoder: { ...encoders['spatial-softmax'], staticSize: size - 1 } });
  expect(() => parseModelConfig(config, 'config.json')).toThrow(/encoder\.staticSize: leave at least two numbers/);
});

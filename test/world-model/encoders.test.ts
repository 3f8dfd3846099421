import ndarray from 'ndarray';
import { createRng } from '../../src/core/rng.ts';
import { interleave, stackFrames } from '../../src/core/stack-frames.ts';
import { constants } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import {
  latentParts,
  latentSize,
  type ModelConfig,
  measuredSize,
  parseModelConfig,
  pictureShape,
} from '../../src/world-model/config.ts';
import { createEncoder, encoderKinds, encoderOf } from '../../src/world-model/encoders/create-encoder.ts';
import { proprioceptionInput } from '../../src/world-model/proprioception.ts';
import { bindWorldModel } from '../../src/world-model/world-model.ts';
import { deadParameters, runBothWays, trainBriefly } from './model-contract.ts';
import { encoders, feeling, frameSide, modelWith, paintFrames, started, stirred } from './sample-models.ts';
import { testStoring } from './test-storing.ts';

const rows = 4;
const configs: Readonly<Record<string, ModelConfig>> = {
  ...Object.fromEntries(encoderKinds.map((kind) => [kind, modelWith({ encoder: encoders[kind] })])),
  ...feeling,
  'strided-convolution over three frames': modelWith({ encoder: encoders['strided-convolution'], history: 3 }),
  'vision-transformer over two frames': modelWith({ encoder: encoders['vision-transformer'], history: 2 }),
};

describe.each(Object.entries(configs))('%s', (kind, config) => {
  const inputs = { frames: { shape: [rows, ...pictureShape(config)] }, ...proprioceptionInput(config, rows) };
  const bodies = createRng(5, 'bodies');
  const felt = { proprioception: Float32Array.from({ length: 4 * rows }, () => 0.1 * bodies.normal()) };
  const frames = paintHistories(config);
  const feeds = { frames, ...(config.proprioception === undefined ? {} : felt) };
  const encoder = encoderOf(config);
  const { place } = latentParts(config);
  const size = latentSize(config);
  const perRow = encoder.slots * size;

  test('gives each frame its latents, whichever other frames there are; compiled as eagerly', async () => {
    const { layout, parameters } = stirred(config);
    const { latents, reversed } = await runBothWays(
      {
        name: 'encode',
        inputs,
        run: ({ frames: given, proprioception }) => {
          const { encode } = bindWorldModel(config, constants(parameters, layout));
          const latent = encode(given!, proprioception);
          expect(latent.shape).toEqual([rows, encoder.slots, size]);
          const back = proprioception && tf.reverse(proprioception, 0);
          return { latents: latent, reversed: tf.reverse(encode(tf.reverse(given!, 0), back), 0) };
        },
      },
      feeds,
    );
    expect(latents!.every(Number.isFinite)).toBe(true);
    for (const [i, value] of latents!.entries()) expect(reversed![i]).toBeCloseTo(value, 4);
    for (let row = 1; row < rows; row++)
      expect(latents!.slice(row * perRow, (row + 1) * perRow)).not.toEqual(latents!.slice(0, perRow));
  });

  /** What is learned of it. */
  const learned = (latent: Tensor): Tensor => tf.slice(latent, [0, 0, measuredSize(config)], [rows, encoder.slots, -1]);
  const rng = createRng(2, kind);
  const wanted = Float32Array.from({ length: rows * perRow }, () => rng.normal());
  const error = (parameters: Parameters<typeof bindWorldModel>[1], given: Record<string, Tensor>): Tensor =>
    tf.mean(
      tf.squaredDifference(
        learned(bindWorldModel(config, parameters).encode(given.frames!, given.proprioception)),
        learned(tf.tensor(wanted, [rows, encoder.slots, size])),
      ),
    );

  test('has no dead parameters', async () => {
    expect(Object.keys(encoder.specs).every((name) => name.startsWith('encoder.'))).toBe(true);
    for (const prefix of place > 0 || config.proprioception === undefined ? ['encoder.'] : ['encoder.', 'fusion.'])
      expect(await deadParameters(stirred(config), prefix, inputs, feeds, error)).toEqual([]);
  });

  test('learns', async () => {
    const { before, after } = await trainBriefly(started(config), 'encoder.', inputs, feeds, error);
    expect(after).toBeLessThan(0.7 * before);
  });

  testStoring('encoder', config);
});

/** As many frames a row as the model goes by, each another. */
function paintHistories({ history = 1 }: ModelConfig): Float32Array {
  const painted = paintFrames(rows * history, createRng(1, 'frames'));
  const pixels = frameSide * frameSide * 3;
  const stacked = new Float32Array(painted.length);
  for (let i = 0; i < rows * history; i++) {
    const [row, back] = [Math.floor(i / history), i % history];
    const frame = painted.subarray(i * pixels, (i + 1) * pixels);
    interleave(frame, 3, stacked, 3 * history, 3 * back, row * pixels * history);
  }
  return stacked;
}

test('every frame of a history counts, and each in its own place', async () => {
  const config = modelWith({ encoder: encoders['strided-convolution'], history: 2 });
  const { layout, parameters } = stirred(config);
  const [a, b] = [1, 2].map((seed) => ndarray(Uint8Array.from(paintFrames(1, createRng(seed, 'a'))), [24, 24, 3]));
  const pairs = [
    [a!, b!],
    [b!, a!],
    [b!, b!],
  ].map((pair) => stackFrames(pair));
  const latents = await Promise.all(
    pairs.map(async ({ data }) => {
      const { latent } = await runEager(
        {
          name: 'pair',
          inputs: { frames: { shape: [1, ...pictureShape(config)] } },
          run: ({ frames }) => ({ latent: bindWorldModel(config, constants(parameters, layout)).encode(frames!) }),
        },
        { frames: Float32Array.from(data) },
      );
      return [...latent!];
    }),
  );
  const [forth, back, still] = latents as [number[], number[], number[]];
  for (const other of [back, still])
    expect(Math.max(...forth.map((z, i) => Math.abs(z - other[i]!)))).toBeGreaterThan(0.01);
});

test('slots go by one frame', () => {
  const config = { ...modelWith({ encoder: encoders['colour-slots'] }), history: 2 };
  expect(() => parseModelConfig(config, 'config.json')).toThrow(
    /history: 'colour-slots', and what draws, go by one frame/,
  );
});

test.each([
  [{ ...encoders['strided-convolution'], inputSize: 10 }, /10 can't be halved 2 times/],
  [{ ...encoders['spatial-softmax'], patchSize: 5 }, /patchSize 5 does not divide inputSize 12/],
  [{ ...encoders['vision-transformer'], patchSize: 5 }, /patchSize 5 does not divide inputSize 12/],
  [{ ...encoders['vision-transformer'], heads: 3 }, /3 heads do not divide a width of 8/],
])('sizes that do not go together are errors that name them: %#', (config, message) => {
  expect(() => createEncoder(config)).toThrow(message);
});

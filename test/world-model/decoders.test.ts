import { createRng } from '../../src/core/rng.ts';
import { constants } from '../../src/engine/parameters.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { parseModelConfig } from '../../src/world-model/config.ts';
import { decoderKinds, decoderOf, pictureShape } from '../../src/world-model/decoders/create-decoder.ts';
import { bindWorldModel } from '../../src/world-model/world-model.ts';
import { deadParameters, runBothWays, trainBriefly } from './model-contract.ts';
import { decoders, encoders, frameSide, modelWith, paintFrames, started, stirred } from './sample-models.ts';
import { testStoring } from './test-storing.ts';

const rows = 4;
const size = 6;
const side = 12;
const rng = createRng(1, 'decoders');
const inputs = { latent: { shape: [rows, 1, size] }, frames: { shape: [rows, frameSide, frameSide, 3] } };
const feeds = {
  latent: Float32Array.from({ length: rows * size }, () => rng.normal()),
  frames: paintFrames(rows, rng.child('frames')),
};

describe.each(decoderKinds)('%s', (kind) => {
  const config = modelWith({ decoder: decoders[kind] });

  test('draws each latent as the encoder reads pictures, whichever others there are; compiled as eagerly', async () => {
    const { layout, parameters } = stirred(config);
    const { drawn, reversed } = await runBothWays(
      {
        name: 'draw',
        inputs,
        run: ({ latent, frames }) => {
          const { draw, read } = bindWorldModel(config, constants(parameters, layout)).drawing!;
          const pictures = draw(latent!);
          expect(pictures.shape).toEqual([rows, side, side, 3]);
          expect(read(frames!).shape).toEqual(pictures.shape);
          return { drawn: pictures, reversed: tf.reverse(draw(tf.reverse(latent!, 0)), 0) };
        },
      },
      feeds,
    );
    for (const [i, value] of drawn!.entries()) expect(reversed![i]).toBeCloseTo(value, 4);
    const first = drawn!.slice(0, side * side * 3);
    for (let row = 1; row < rows; row++)
      expect(drawn!.slice(row * first.length, (row + 1) * first.length)).not.toEqual(first);
    expect(pictureShape(config)).toEqual([side, side, 3]);
  });

  const error = (parameters: Parameters<typeof bindWorldModel>[1], given: Record<string, Tensor>): Tensor => {
    const { draw, read } = bindWorldModel(config, parameters).drawing!;
    return tf.mean(tf.squaredDifference(draw(given.latent!), read(given.frames!)));
  };

  test('has no dead parameters', async () => {
    expect(Object.keys(decoderOf(config)!.specs).every((name) => name.startsWith('decoder.'))).toBe(true);
    expect(await deadParameters(stirred(config), 'decoder.', inputs, feeds, error)).toEqual([]);
  });

  test('learns', async () => {
    const { before, after } = await trainBriefly(started(config), 'decoder.', inputs, feeds, error);
    expect(after).toBeLessThan(0.5 * before);
  });

  testStoring('decoder', config);
});

test('what is drawn must be as large as what is read, and one flat latent', () => {
  expect(() => decoderOf(modelWith({ decoder: { ...decoders.blobs, side: 16 } }))).toThrow(
    "decoder 'blobs' draws 16 pixels a side, its encoder reads 12",
  );
  const slots = modelWith({ encoder: encoders['colour-slots'], decoder: decoders.blobs });
  expect(() => parseModelConfig(slots, 'config.json')).toThrow(/decoder: it draws what one flat latent holds/);
  expect(pictureShape(modelWith({}))).toBeNull();
});

test('one blob alone is a Gaussian of its place, widths and colour', async () => {
  const config = modelWith({ decoder: { kind: 'blobs', hidden: [2], count: 1, side } });
  const { layout, parameters } = started(config);
  // Numbers of the blob by the last bias alone; hidden weights at zero.
  const numbers = [0.5, -0.4, 0.3, -0.6, 2, -1, 0.5];
  const background = Array.from({ length: side * 3 * side }, () => rng.uniform());
  const set = (name: string, values: readonly number[] | number): void => {
    const { offset, size: count } = layout.entries.find((entry) => entry.name === name)!;
    for (let i = 0; i < count; i++) parameters[offset + i] = typeof values === 'number' ? values : values[i]!;
  };
  set('decoder.blobs.1.weight', 0);
  set('decoder.blobs.1.bias', numbers);
  set('decoder.background', background);
  const { drawn } = await runBothWays(
    {
      name: 'blob',
      inputs: { latent: inputs.latent },
      run: ({ latent }) => ({ drawn: bindWorldModel(config, constants(parameters, layout)).drawing!.draw(latent!) }),
    },
    { latent: feeds.latent },
  );
  const wide = (number: number): number => 0.12 * Math.exp(3 * Math.tanh(number / 3)) + 0.5 / side;
  const along = (pixel: number, place: number, width: number): number => {
    const gap = (pixel + 0.5) / side - 0.5 - 0.6 * Math.tanh(place);
    return Math.exp(-(gap ** 2) / (2 * wide(width) ** 2));
  };
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let c = 0; c < 3; c++) {
        const covered = along(x, numbers[0]!, numbers[2]!) * along(y, numbers[1]!, numbers[3]!);
        expect(drawn![(y * side + x) * 3 + c]).toBeCloseTo(
          background[(y * 3 + c) * side + x]! + covered * numbers[4 + c]!,
          4,
        );
      }
});

import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import { differentiate } from '../../src/engine/differentiate.ts';
import { layoutOf, type ParameterLayout, unpack } from '../../src/engine/parameters.ts';
import type { Executable } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { type PictureLossOptions, pictureLoss } from '../../src/world-model/losses/picture-loss.ts';
import { bindWorldModel, worldModelSpecs } from '../../src/world-model/world-model.ts';
import { runBothWays } from './model-contract.ts';
import { decoders, frameSide, modelWith, paintFrames, stirred } from './sample-models.ts';

const batch = 3;
const offsets = [0, 1, 3];
const colours = (count: number): [number, number, number][] => Array.from({ length: count }, () => [0, 0, 0]);
const config = modelWith({ decoder: decoders.blobs, things: colours(4) });
const { layout, parameters } = stirred(config, 3);
const rng = createRng(5, 'picture-loss');
const uniforms = (size: number): Float32Array => Float32Array.from({ length: size }, () => rng.uniform());

const inputs = {
  frames: { shape: [batch, 3, frameSide, frameSide, 3] },
  actions: { shape: [batch, 3, 2] },
  labels: { shape: [batch, 3, 4, 2] },
  things: { shape: [batch, 4] },
};
const feeds = {
  frames: paintFrames(batch * 3, rng.child('frames')),
  actions: uniforms(batch * 6),
  labels: uniforms(batch * 3 * 8),
  things: Float32Array.of(1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1),
};

function lossOf(given: Record<string, Tensor>, bound: Record<string, Tensor>, options: PictureLossOptions) {
  const { frames, actions, labels, things } = given as Record<keyof typeof feeds, Tensor>;
  return pictureLoss(bindWorldModel(config, bound), { frames, actions, labels, things }, offsets, options);
}

const program = (options: PictureLossOptions) => ({
  name: 'picture-loss',
  inputs: { ...inputs, parameters: { shape: [layout.size] } },
  run: ({ parameters: flat, ...given }: Record<string, Tensor>) => {
    const { loss, metrics, chance } = lossOf(given, unpack(flat!, layout), options);
    return { loss, ...metrics, chance: chance().probe! };
  },
});

test('is what its formula says, compiled as eagerly', async () => {
  const { loss, drawn, drawnAhead, probe, probeAhead } = await runBothWays(program({ movingWeight: 2 }), {
    ...feeds,
    parameters,
  });
  // The formula step by step on the host, from latents and pictures as the model gives them.
  const parts = await runEager(
    {
      name: 'parts',
      inputs: { ...inputs, parameters: { shape: [layout.size] } },
      run: ({ parameters: flat, frames, actions }) => {
        const model = bindWorldModel(config, unpack(flat!, layout));
        const frame = (i: number) =>
          tf.reshape(tf.slice(frames!, [0, i, 0, 0, 0], [batch, 1, -1, -1, -1]), [batch, frameSide, frameSide, 3]);
        const action = (k: number) => tf.reshape(tf.slice(actions!, [0, k, 0], [batch, 1, 2]), [batch, 2]);
        const z = model.imagine(model.encode(frame(0)), [0, 1, 2].map(action)).latents;
        const { draw, read } = model.drawing!;
        const seen = [z[0]!, z[1]!, z[3]!, model.encode(frame(2))];
        return {
          drawn: tf.stack(seen.map(draw)),
          pictures: tf.stack([0, 1, 2, 2].map((i) => read(frame(i)))),
          places: tf.stack(seen.map((latent) => model.probe(latent).position)),
        };
      },
    },
    { ...feeds, parameters },
  );
  const [mine, theirs, places] = [parts.drawn!, parts.pictures!, parts.places!];
  const pixels = mine.length / 4;
  const change = (i: number): number => {
    // The largest change of any channel of the pixel, in any later frame.
    const first = i - (i % 3);
    const gaps = [0, 1, 2].flatMap((c) =>
      [1, 2].map((t) => Math.abs(theirs[t * pixels + first + c]! - theirs[first + c]!)),
    );
    return Math.min(1, Math.max(...gaps));
  };
  const weights = Float64Array.from({ length: pixels }, (_, i) => 1 + 2 * change(i));
  const meanWeight = weights.reduce((sum, w) => sum + w, 0) / pixels;
  const error = (k: number): number =>
    weights.reduce((sum, w, i) => sum + (w / meanWeight) * (mine[k * pixels + i]! - theirs[k * pixels + i]!) ** 2, 0) /
    pixels;
  const present = feeds.things.reduce((sum, value) => sum + value, 0);
  const misplaced = (k: number, frame: number): number => {
    let sum = 0;
    for (let b = 0; b < batch; b++)
      for (let p = 0; p < 4; p++)
        for (let axis = 0; axis < 2; axis++) {
          const place = places[((k * batch + b) * 4 + p) * 2 + axis]!;
          const label = feeds.labels[((b * 3 + frame) * 4 + p) * 2 + axis]!;
          sum += feeds.things[b * 4 + p]! * (place - label) ** 2;
        }
    return sum / present;
  };
  const recalled = (error(0) + error(3)) / 2;
  const probed = (misplaced(0, 0) + misplaced(3, 2)) / 2;
  expect(drawn![0]).toBeCloseTo(recalled, 4);
  expect(drawnAhead![0]).toBeCloseTo(error(2), 4);
  expect(probe![0]).toBeCloseTo(Math.sqrt(probed), 4);
  expect(probeAhead![0]).toBeCloseTo(Math.sqrt(misplaced(2, 2)), 4);
  const total = (error(1) + error(2)) / 2 + recalled + probed + (misplaced(1, 1) + misplaced(2, 2)) / 2;
  expect(loss![0]! / total).toBeCloseTo(1, 4);
});

test('keeps its value', async () => {
  const golden = async (movingWeight: number): Promise<number[]> => {
    const { loss, drawnAhead, unmoved, probe } = await runEager(program({ movingWeight }), { ...feeds, parameters });
    return [loss![0]!, drawnAhead![0]!, unmoved![0]!, probe![0]!];
  };
  expect((await golden(0)).map((value) => +value.toPrecision(4))).toEqual(goldenValues.even);
  expect((await golden(2)).map((value) => +value.toPrecision(4))).toEqual(goldenValues.moving);
});

/** This computation when it was written (loss, drawn ahead, unmoved, probe). */
const goldenValues = { even: [2.256, 0.2832, 0.1844, 0.8844], moving: [2.51, 0.4171, 0.3425, 0.8844] };

describe('its gradient', () => {
  const whole = program({ movingWeight: 2 });
  let loss: Executable;
  let slope: Executable;
  beforeAll(async () => {
    loss = await compile(whole);
    slope = await compile({
      ...whole,
      run: ({ parameters: flat, ...given }) => {
        const value = () => lossOf(given, unpack(flat!, layout), { movingWeight: 2 }).loss;
        return { gradient: differentiate(() => ({ value: value(), beside: {} }), [flat!]).gradients[0]! };
      },
    });
  });
  afterAll(async () => {
    await loss.dispose();
    await slope.dispose();
  });
  const gradientAt = async (given: Partial<typeof feeds>): Promise<Float32Array> =>
    Float32Array.from((await slope.run({ ...feeds, ...given, parameters })).gradient as Float32Array);

  // Without things there is nothing to probe, whose error moves with latents and is not to be felt by them.
  test.each([
    ['encoder.', new Float32Array(12)],
    ['predictor.', new Float32Array(12)],
    ['decoder.', new Float32Array(12)],
    ['probe.', feeds.things],
  ])('is its slope: %s', async (prefix, things) => {
    const way = new Float32Array(layout.size);
    for (const { name, offset, size } of layout.entries) {
      if (!name.startsWith(prefix)) continue;
      const draw = createRng(6, 'way', name);
      for (let i = 0; i < size; i++) way[offset + i] = draw.normal();
    }
    const step = 1e-3;
    const at = async (length: number): Promise<number> => {
      const moved = parameters.map((value, i) => value + length * way[i]!);
      return (await loss.run({ ...feeds, things, parameters: moved })).loss![0]!;
    };
    const measured = ((await at(step)) - (await at(-step))) / (2 * step);
    const gradient = await gradientAt({ things });
    const told = way.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
    expect(Math.abs(told)).toBeGreaterThan(0.01);
    expect(Math.abs(told - measured)).toBeLessThan(0.03 * Math.abs(measured) + 0.003);
  });

  test('by labels is felt by the probe and by nothing else', async () => {
    const [one, other] = [await gradientAt({}), await gradientAt({ labels: uniforms(feeds.labels.length) })];
    expect(differing(layout, one, other)).toEqual(['probe.position']);
  });
});

function differing({ entries }: ParameterLayout, one: Float32Array, other: Float32Array): string[] {
  const changed = entries.filter(({ offset, size }) =>
    one.subarray(offset, offset + size).some((value, i) => Math.abs(value - other[offset + i]!) > 1e-6),
  );
  return [...new Set(changed.map(({ name }) => name.split('.').slice(0, 2).join('.')))];
}

test('a model without a decoder is refused', () => {
  const silent = modelWith({});
  const bound = unpack(tf.zeros([layoutOf(worldModelSpecs(silent)).size]), layoutOf(worldModelSpecs(silent)));
  const none = tf.zeros([1]);
  expect(() =>
    pictureLoss(bindWorldModel(silent, bound), { frames: none, actions: none, labels: none, things: null }, offsets, {
      movingWeight: 0,
    }),
  ).toThrow('draws nothing');
});

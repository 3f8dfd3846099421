import { createRng } from '../../src/core/rng.ts';
import { constants } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { latentSize, type ModelConfig, parseModelConfig } from '../../src/world-model/config.ts';
import { bindWorldModel, slotCount } from '../../src/world-model/world-model.ts';
import { runBothWays } from './model-contract.ts';
import { feeling, frameSide, modelWith, paintFrames, stirred } from './sample-models.ts';

const frames = paintFrames(1, createRng(3, 'frames'));
const slots = feeling['colour-slots with proprioception']!;
const flat = feeling['strided-convolution with proprioception']!;

/** One picture, a pusher of that velocity somewhere, two steps of one action ahead: what is seen, and what comes. */
async function ahead(config: ModelConfig, velocity: readonly number[], place = [0.1, 0.2]) {
  const { layout, parameters } = stirred(config);
  const { seen, next, position } = await runBothWays(
    {
      name: 'ahead',
      inputs: {
        frames: { shape: [1, frameSide, frameSide, 3] },
        proprioception: { shape: [1, 4] },
        action: { shape: [1, 2] },
      },
      run({ frames: given, proprioception, action }) {
        const model = bindWorldModel(config, constants(parameters, layout));
        const latent = model.encode(given!, proprioception);
        const later = model.predict(model.predict(latent, action!), action!);
        return { seen: latent, next: later, position: model.probe(later).position };
      },
    },
    { frames, proprioception: Float32Array.of(...place, ...velocity), action: Float32Array.of(0.3, -0.6) },
  );
  return { seen: [...seen!], next: [...next!], position: [...position!] };
}

const gap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

test('slot 0 has the velocity, scaled, after what is measured of it; others have zeros there, and for good', async () => {
  const size = latentSize(slots);
  const [from, to] = [2 + 6, 2 + 6 + 2];
  const { seen, next } = await ahead(slots, [0.05, -0.02]);
  const still = await ahead(slots, [0, 0]);
  const slotOf = (latents: readonly number[], slot: number) => latents.slice(slot * size, (slot + 1) * size);
  expect(slotOf(seen, 0)[from]).toBeCloseTo(8 * 0.05, 6);
  expect(slotOf(seen, 0)[from + 1]).toBeCloseTo(8 * -0.02, 6);
  for (let slot = 1; slot < slotCount(slots); slot++)
    for (const latents of [seen, next]) expect(slotOf(latents, slot).slice(from, to)).toEqual([0, 0]);
  // Nothing else is seen otherwise, and the velocity itself is predicted.
  const elsewhere = (latents: readonly number[]) => latents.filter((_, i) => i < from || i >= to);
  expect(elsewhere(seen)).toEqual(elsewhere(still.seen));
  expect(gap(slotOf(next, 0).slice(from, to), slotOf(seen, 0).slice(from, to))).toBeGreaterThan(1e-3);
});

describe.each(Object.entries(feeling))('%s', (_, config) => {
  test('another velocity is another future; another word for the place, which the picture shows, is none', async () => {
    const one = await ahead(config, [0.05, -0.02]);
    const other = await ahead(config, [-0.05, 0.03]);
    expect(gap(one.next, other.next)).toBeGreaterThan(1e-3);
    expect(gap(one.position, other.position)).toBeGreaterThan(1e-4);
    expect(await ahead(config, [0.05, -0.02], [0.9, 0.8])).toEqual(one);
  });

  test('without proprioception it says what is missing', async () => {
    const { layout, parameters } = stirred(config);
    const blind = runEager(
      {
        name: 'blind',
        inputs: { frames: { shape: [1, frameSide, frameSide, 3] } },
        run: ({ frames: given }) => ({ seen: bindWorldModel(config, constants(parameters, layout)).encode(given!) }),
      },
      { frames },
    );
    await expect(blind).rejects.toThrow(/goes by proprioception beside pictures: give `encode` \[rows, 4\]/);
  });

  test('takes no setting that it does not know, and no scale that is none', () => {
    const foreign = { ...config, proprioception: { velocityScale: 8, position: true } };
    expect(() => parseModelConfig(foreign, 'config.json')).toThrow(/proprioception: .*position/);
    const none = { ...config, proprioception: { velocityScale: 0 } };
    expect(() => parseModelConfig(none, 'config.json')).toThrow(/proprioception.velocityScale/);
  });
});

test('at its start a flat model sees what it would see without; objects hear of the pusher as fast as it is', async () => {
  const { encoder } = flat;
  const plain = modelWith({ encoder });
  const seenBy = async (config: ModelConfig) => {
    const { layout, parameters } = stirred(plain);
    const names = new Map(layout.entries.map((entry) => [entry.name, entry]));
    const own = stirred(config);
    const copied = own.parameters.slice();
    for (const { name, offset, size } of own.layout.entries) {
      const from = names.get(name);
      // What is not the plain model's is the fusion's, which starts at zero.
      if (from === undefined) copied.fill(0, offset, offset + size);
      else copied.set(parameters.subarray(from.offset, from.offset + size), offset);
    }
    const { seen } = await runEager(
      {
        name: 'seen',
        inputs: { frames: { shape: [1, frameSide, frameSide, 3] }, proprioception: { shape: [1, 4] } },
        run: ({ frames: given, proprioception }) => ({
          seen: bindWorldModel(config, constants(copied, own.layout)).encode(given!, proprioception),
        }),
      },
      { frames, proprioception: Float32Array.of(0, 0, 1, 1) },
    );
    return [...seen!];
  };
  // But for the rounding of normalising twice.
  expect(gap(await seenBy(flat), await seenBy(plain))).toBeLessThan(1e-3);

  const size = latentSize(slots);
  const objects = (latents: readonly number[]) => latents.slice(size);
  const [slow, fast] = [await ahead(slots, [0.01, 0]), await ahead(slots, [0.2, 0])];
  expect(gap(objects(slow.next), objects(fast.next))).toBeGreaterThan(1e-3);
});

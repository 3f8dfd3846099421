import { createRng } from '../../src/core/rng.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { createRasteriser } from '../../src/env/rasteriser/rasteriser.ts';
import type { ColourSlotsConfig } from '../../src/world-model/config.ts';
import { measureSlots, perceiveSlots } from '../../src/world-model/encoders/colour-slots.ts';
import { findEffector, fitPrototypes } from '../../src/world-model/encoders/fit-prototypes.ts';

const config: ColourSlotsConfig = {
  kind: 'colour-slots',
  background: [238, 235, 228],
  prototypes: [
    [48, 52, 62],
    [216, 40, 52],
    [30, 98, 224],
  ],
  cropSize: 20,
  cropHidden: [8],
  hidden: 8,
  whatSize: 4,
};
const side = 64;

/** Discs at positions in frame widths, in the prototypes' colours; null leaves one out. */
function paint(discs: readonly ([x: number, y: number, radius: number] | null)[]): Uint8Array {
  const rasteriser = createRasteriser({ width: side, height: side });
  rasteriser.clear(config.background);
  discs.forEach((disc, k) => {
    if (disc !== null) rasteriser.fillCircle(disc[0] * side, disc[1] * side, disc[2] * side, config.prototypes[k]!);
  });
  return rasteriser.pixels.slice();
}

async function perceive(frame: Uint8Array) {
  return (await runEager(
    {
      name: 'perceive',
      inputs: { frame: { shape: [1, side, side, 3] } },
      run: ({ frame: x }) => ({ ...perceiveSlots(x!, config), radius: measureSlots(x!, config).radius }),
    },
    { frame: Float32Array.from(frame) },
    { backend: 'cpu' },
  )) as Record<'centroid' | 'crop' | 'mass' | 'radius', Float32Array>;
}

test('the centre, area and radius of discs are read from pixels', async () => {
  const rng = createRng(5, 'discs');
  for (let i = 0; i < 4; i++) {
    const discs = config.prototypes.map((_, k): [number, number, number] => [
      0.15 + 0.3 * k + rng.between(-0.05, 0.05),
      rng.between(0.15, 0.85),
      rng.between(0.03, 0.07),
    ]);
    const { centroid, mass, radius } = await perceive(paint(discs));
    discs.forEach(([x, y, r], k) => {
      expect(Math.hypot(centroid[2 * k]! - x, centroid[2 * k + 1]! - y)).toBeLessThan(0.005);
      const area = Math.PI * (r * side) ** 2;
      expect(Math.abs(mass[k]! - area)).toBeLessThan(0.05 * area);
      // A pixel is 1 / 64 wide.
      expect(Math.abs(radius[k]! - r)).toBeLessThan(1 / 64);
    });
  }
});

test('an absent colour has no mass', async () => {
  const { mass } = await perceive(paint([[0.5, 0.5, 0.05], null, [0.2, 0.3, 0.06]]));
  expect(mass[1]).toBeLessThan(1);
});

test('the crop does not depend on where the thing is: shifting by whole pixels shifts nothing in it', async () => {
  const before = await perceive(paint([[20.3 / 64, 24.6 / 64, 0.05], null, null]));
  const after = await perceive(paint([[31.3 / 64, 19.6 / 64, 0.05], null, null]));
  for (let i = 0; i < 400; i++) expect(after.crop[i]).toBeCloseTo(before.crop[i]!, 4);
});

test('colours and the background are found in unlabelled pixels', () => {
  const rng = createRng(2, 'fit');
  const frames = Array.from({ length: 30 }, () =>
    paint(config.prototypes.map((_, k) => [0.2 + 0.3 * k, rng.between(0.2, 0.8), 0.06])),
  );
  const pixels = new Uint8Array(frames.length * side * side * 3);
  frames.forEach((frame, i) => {
    pixels.set(frame, i * frame.length);
  });
  const { background, prototypes } = fitPrototypes(pixels, 3);
  expect(background).toEqual(config.background);
  for (const wanted of config.prototypes) {
    const nearest = Math.min(...prototypes.map((p) => Math.hypot(...p.map((value, i) => value - wanted[i]!))));
    expect(nearest).toBeLessThan(6);
  }
});

test('asking for more colours than there are is an error that says how many there are', () => {
  expect(() => fitPrototypes(paint([[0.5, 0.5, 0.1], null, null]), 2)).toThrow(/only 1 colours/);
});

test('the effector is the thing that moves as the actions say', () => {
  const rng = createRng(3, 'effector');
  const actions = Array.from({ length: 50 }, () => [rng.normal(), rng.normal()]);
  const displacements = actions.map(([x, y]): ([number, number] | null)[] => [
    [rng.normal(), rng.normal()],
    null,
    [0.08 * x! + 0.01 * rng.normal(), 0.08 * y!],
    [0, 0],
  ]);
  expect(findEffector(displacements, actions)).toBe(2);
});

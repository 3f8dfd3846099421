import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/package-root.ts';
import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { createPixelOnlooker } from '../../src/eval/physics/watch-pixels.ts';
import { sideViewPixelsRecipe } from '../../src/training/painter-recipe.ts';
import { sideViewRecipe } from '../../src/training/spectator-recipe.ts';
import type { PainterConfig } from '../../src/world-model/painter/config.ts';
import { cellsOf, painterLoss, painterSpecs } from '../../src/world-model/painter/painter.ts';
import { loadPainter, savePainter } from '../../src/world-model/painter/painter-store.ts';
import { copyPictures } from '../../src/world-model/painter/pictures.ts';
import { spectatorSpecs } from '../../src/world-model/spectator/spectator.ts';
import { tinyPainter as config } from './tiny-painter.ts';

const layout = layoutOf(painterSpecs(config));

test('cells are squares of pixels', async () => {
  const small: PainterConfig = { ...config, frame: [4, 4, 1], patch: 2 };
  const { cells } = await runEager(
    {
      name: 'cells',
      inputs: { frames: { shape: [1, 1, 4, 4, 1] } },
      run: ({ frames }) => ({ cells: cellsOf(small, frames!) }),
    },
    { frames: Float32Array.from({ length: 16 }, (_, i) => i) },
  );
  expect([...cells!]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
});

test('a painter that has learned nothing repeats the present frame', async () => {
  const parameters = initialise(layout, createRng(1, 'weights'));
  const onlooker = await createPixelOnlooker({ name: 'pixels', config, layout, parameters, films: 1, threads: 1 });
  const rng = createRng(2, 'pictures');
  const pictures = Array.from({ length: 24 }, () => Uint8Array.from({ length: 64 * 64 * 3 }, () => rng.integer(256)));
  const [curve] = await onlooker.surprise([{ pictures, watched: null as never }]);
  await onlooker.dispose();
  expect(curve).toHaveLength(20);
  curve!.forEach((surprise, i) => {
    const [before, after] = [pictures[i + 3]!, pictures[i + 4]!];
    const squares = after.reduce((sum, value, k) => sum + ((value - before[k]!) / 255) ** 2, 0);
    expect(surprise).toBeCloseTo(squares / after.length, 5);
  });
});

test('its loss is that of the frames after the second, over what repeating them is wrong by', async () => {
  const still = { ...config, frame: [16, 16, 3] as [number, number, number] };
  const specs = layoutOf(painterSpecs(still));
  const frames = Float32Array.from({ length: 3 * 16 * 16 * 3 }, (_, i) => Math.floor(i / 768) * 0.1);
  const outputs = await runEager(
    {
      name: 'loss',
      inputs: { frames: { shape: [1, 3, 16, 16, 3] } },
      run: ({ frames: shown }) => {
        const { loss, metrics } = painterLoss(still, unpacked(specs), shown!);
        return { loss, ...metrics };
      },
    },
    { frames },
  );
  // 0.1 squared, times 100; the first of three frames is for looking only.
  expect(outputs.loss![0]).toBeCloseTo(1, 4);
  expect(outputs.ofStill![0]).toBeCloseTo(1, 4);
});

function unpacked(specs: ReturnType<typeof layoutOf>) {
  const parameters = initialise(specs, createRng(1, 'weights'));
  return Object.fromEntries(
    specs.entries.map(({ name, shape, offset, size }) => [
      name,
      tf.tensor(parameters.slice(offset, offset + size), [...shape]),
    ]),
  );
}

test('a mirrored picture is its rows from right to left', () => {
  const pixels = Uint8Array.from([255, 0, 51, 102, 0, 0]);
  const into = new Float32Array(6);
  copyPictures([pixels], into, 0, { width: 2 });
  expect([...into].map((value) => Math.round(255 * value))).toEqual([102, 0, 0, 255, 0, 51]);
});

test('the shipped recipe has as many parameters as the spectator, to three in a hundred', () => {
  const [painter, spectator] = [painterSpecs(sideViewPixelsRecipe.model), spectatorSpecs(sideViewRecipe.model)];
  expect(Math.abs(layoutOf(painter).size / layoutOf(spectator).size - 1)).toBeLessThan(0.03);
});

test('the shipped one is of the shipped recipe', async () => {
  const { config: shipped } = await loadPainter(join(packageRoot(), 'models/side-view-pixels'));
  expect(shipped).toEqual(sideViewPixelsRecipe.model);
});

test('is stored and read again; another make is refused by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'painter-'));
  const parameters = initialise(layout, createRng(1, 'weights'));
  await savePainter(folder, config, parameters);
  const read = await loadPainter(folder);
  expect(read.config).toEqual(config);
  expect(read.parameters).toEqual(parameters);
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, patch: 7 }));
  await expect(loadPainter(folder)).rejects.toThrow(/patches of 7 pixels/);
  await expect(loadPainter(join(folder, 'nowhere'))).rejects.toThrow(/--config side-view-pixels/);
});

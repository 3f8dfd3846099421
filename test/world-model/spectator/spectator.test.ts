import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../../src/core/rng.ts';
import { compile } from '../../../src/engine/compile.ts';
import { constants, initialise, layoutOf } from '../../../src/engine/parameters.ts';
import type { Program } from '../../../src/engine/program.ts';
import { runEager } from '../../../src/engine/run-eager.ts';
import { tf } from '../../../src/engine/tf.ts';
import { floor, floorTop, mirrorScene, screenBetween, thing } from '../../../src/env/side-view/scene.ts';
import { beginScene, picture, play } from '../../../src/env/side-view/side-view.ts';
import {
  createFilmWatcher,
  keepThings,
  mirrorFilm,
  thingsIn,
  type WatchedFilm,
} from '../../../src/world-model/spectator/film-watcher.ts';
import {
  encodeWindows,
  expectationError,
  foresee,
  spectatorSpecs,
} from '../../../src/world-model/spectator/spectator.ts';
import { loadSpectator, saveSpectator } from '../../../src/world-model/spectator/spectator-store.ts';
import { copyWindow, windowBatch } from '../../../src/world-model/spectator/windows.ts';
import { tinySpectator as config } from './tiny-spectator.ts';

const frames = 6;
const red = thing({ shape: 'disc', size: 1, colour: 'red' });
const scene = {
  bodies: [red, thing({ shape: 'box', size: 0.9, colour: 'blue' })],
  pieces: [floor],
  screens: [screenBetween(0.6, 0.85, 0.5)],
};
const starts = [
  { x: 0.3, y: 0.2, velocityX: 0.03 },
  { x: 0.15, y: floorTop - 0.045 },
];
const film = play(beginScene(scene, starts), frames);
const pictures = film.map((snapshot) => picture(snapshot));
const layout = layoutOf(spectatorSpecs(config));

async function watch(shown: readonly Uint8Array[]): Promise<WatchedFilm> {
  const watcher = await createFilmWatcher(config, shown.length, {});
  const watched = await watcher.watch(shown);
  await watcher.dispose();
  return watched;
}

test('sees where things are and how much of them, though the camera be noisy', async () => {
  const rng = createRng(1, 'noise');
  const grainy = pictures.map((pixels) =>
    pixels.map((value) => Math.min(255, Math.max(0, value + Math.round(rng.between(-6, 6))))),
  );
  for (const shown of [pictures, grainy]) {
    const { centroid, mass } = await watch(shown);
    film.forEach(({ state }, t) => {
      for (const k of [0, 1]) {
        const at = (4 * t + k) * 2;
        expect(Math.hypot(centroid[at]! - state[6 * k]!, centroid[at + 1]! - state[6 * k + 1]!)).toBeLessThan(0.01);
      }
      // The disc's radius is 0.055 picture widths of 64 pixels.
      expect(mass[4 * t]! / (Math.PI * (0.055 * 64) ** 2)).toBeCloseTo(1, 0);
      expect(mass[4 * t + 2]!).toBeLessThan(2);
      expect(mass[4 * t + 3]!).toBeLessThan(2);
    });
  }
});

test('follows the things that are there, and fills up with others', async () => {
  const watched = await watch(pictures);
  expect(thingsIn([watched], 4)).toEqual([0, 1, 2]);
  const kept = keepThings(watched, [1, 3], config);
  expect(kept.mass).toEqual(
    Float32Array.from({ length: 2 * frames }, (_, i) => watched.mass[4 * (i >> 1) + [1, 3][i % 2]!]!),
  );
});

test('a mirrored film is what is watched of mirrored pictures', async () => {
  const mirrored = film.map(({ state, ...rest }) => {
    const turned = state.map((value, i) => (i % 6 === 0 ? 1 - value : i % 6 === 2 ? -value : value));
    return picture({ ...rest, scene: mirrorScene(scene), state: turned });
  });
  const things = [0, 1];
  const [seen, turned] = [await watch(pictures), await watch(mirrored)].map((each) => keepThings(each, things, config));
  const expected = mirrorFilm(seen!, config);
  const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
  expect(gap(turned!.centroid, expected.centroid)).toBeLessThan(2e-3);
  expect(gap(turned!.maps, expected.maps)).toBeLessThanOrEqual(4);
  expect(gap(turned!.mass, expected.mass)).toBeLessThan(0.2);
});

async function windowOf(): Promise<Record<string, Float32Array>> {
  const watched = await watch(pictures);
  const { arrays } = windowBatch(config, 1, frames);
  copyWindow(keepThings(watched, thingsIn([watched], 4), config), 0, frames, arrays, 0);
  return { ...arrays };
}

const program: Program = {
  name: 'foresee',
  inputs: windowBatch(config, 1, frames).inputs,
  run(batch) {
    const bound = constants(initialise(layout, createRng(3, 'weights')), layout);
    const latents = encodeWindows(config, bound, batch);
    const expected = foresee(config, bound, latents, batch.maps!);
    return {
      latents,
      last: expected.at(-1)!,
      surprise: expectationError(config, tf.reshape(latents, [6, 3, 7]), tf.reshape(latents, [6, 3, 7])),
    };
  },
};

test('at first it expects of what is seen that nothing changes, and nothing of what is not', async () => {
  const { latents, last, surprise } = await runEager(program, await windowOf());
  const size = 7;
  const now = latents!.subarray((frames - 2) * 3 * size, (frames - 1) * 3 * size);
  for (const n of [0, 1]) {
    for (let d = 0; d < size; d++) expect(last![n * size + d]).toBeCloseTo(now[n * size + d]!, 2);
  }
  // The third was never seen: no place, no cover.
  expect([...last!.subarray(2 * size, 2 * size + 3)]).toEqual([0, 0, 0]);
  expect(Math.max(...surprise!)).toBeLessThan(1e-6);
});

test('compiled, it foresees as eagerly', async () => {
  const feeds = await windowOf();
  const compiled = await compile(program, {});
  const [fast, slow] = [await compiled.run(feeds), await runEager(program, feeds)];
  await compiled.dispose();
  for (const [i, value] of slow.last!.entries()) expect(fast.last![i]).toBeCloseTo(value, 4);
});

test('an expectation that is off by a hundredth of a frame width costs ln 2 times the weight', async () => {
  const error = await runEager(
    {
      name: 'error',
      inputs: { expected: { shape: [1, 1, 7] } },
      run: ({ expected }) => ({
        error: expectationError(config, expected!, tf.tensor([0, 0, 1, 0, 0, 0, 0], [1, 1, 7])),
      }),
    },
    { expected: Float32Array.of(0.04, 0, 1, 0, 0, 0, 0) },
  );
  expect(error.error![0]).toBeCloseTo(0.5 * Math.log(2), 5);
});

test('is stored and loaded as it was; a changed or foreign folder is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spectator-'));
  const parameters = initialise(layout, createRng(5, 'stored'));
  await saveSpectator(folder, config, parameters);
  const stored = await loadSpectator(folder);
  expect(stored.parameters).toEqual(parameters);
  expect(stored.config).toEqual(config);
  const file = join(folder, 'config.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"place": 0.5', '"place": 0.6'));
  await expect(loadSpectator(folder)).rejects.toThrow('model.safetensors');
  await writeFile(file, text.replace('"context": 4', '"context": "4"'));
  await expect(loadSpectator(folder)).rejects.toThrow('context');
  await expect(loadSpectator(join(folder, 'none'))).rejects.toThrow('amitable train --config side-view');
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../src/core/rng.ts';
import { layoutOf } from '../../src/engine/parameters.ts';
import { palette, pusherColour } from '../../src/env/tabletop/palette.ts';
import { createFrameStore } from '../../src/training/frame-store.ts';
import { createPictureBatches } from '../../src/training/picture-batches.ts';
import { collectPictureEpisodes } from '../../src/training/picture-episodes.ts';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import { parseRecipe } from '../../src/training/recipe.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { playEpisode } from '../../src/training/tabletop-play.ts';
import { train } from '../../src/training/train.ts';
import { watchRecipe } from '../../src/training/watch-recipe.ts';
import { withObjective } from '../../src/training/with-objective.ts';
import { loadModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';
import { tinyTabletop, tinyTwoRooms } from './tiny-recipes.ts';

test('a store of frames loses nothing, and paints them turned', () => {
  const rng = createRng(1, 'frame-store');
  const [side, background] = [6, [9, 8, 7]];
  const store = createFrameStore({ pixels: side * side, background });
  const pictures = Array.from({ length: 2500 }, () =>
    Uint8Array.from({ length: side * side * 3 }, (_, i) => (rng.chance(0.7) ? background[i % 3]! : rng.integer(256))),
  );
  for (const picture of pictures) store.add(picture);
  const canvas = new Float32Array(2 + side * side * 3);
  const straight = Array.from({ length: side * side }, (_, i) => i);
  for (const index of [0, 1, 777, 2499]) {
    store.paint(index, canvas, 2, straight);
    expect([...canvas.subarray(2)]).toEqual([...pictures[index]!]);
    store.paint(index, canvas, 2, straight.toReversed());
    const last = [...pictures[index]!.subarray(-3)];
    expect([...canvas.subarray(2, 5)]).toEqual(last);
  }
});

const data = { ...tinyTabletop().data, symmetries: true } as Extract<Recipe['data'], { kind: 'tabletop-play' }>;
const things = [pusherColour, ...Object.values(palette)].map(([r, g, b]): [number, number, number] => [r, g, b]);
const frame = [64, 64, 3] as const;
const episodes = collectPictureEpisodes({ data, seed: 2, split: 'train', count: 3, things, frame });

test('windows of pictures are frames of the played episodes, labels and actions beside them', () => {
  const offsets = [0, 1, 4];
  const source = createPictureBatches({
    ...{ episodes, batch: 8, offsets, movingShare: 0.5, symmetries: false, seed: 1, stream: 'a' },
  });
  const { frames, labels, actions, presence } = source.batchAt(3) as Record<string, Float32Array>;
  const played = [0, 1, 2].map((index) => playEpisode(data, 2, 'train', index));
  for (let row = 0; row < 8; row++) {
    const first = frames!.subarray(row * 3 * 64 * 64 * 3, (row * 3 + 1) * 64 * 64 * 3);
    const [episode, start] = played
      .flatMap((each, e) => each.frames.map((_, t) => [e, t] as const))
      .find(([e, t]) => played[e]!.frames[t]!.data.every((value, i) => value === first[i]))!;
    const { frames: all, truths, actions: acts, objects } = played[episode]!;
    offsets.forEach((offset, i) => {
      const at = row * 3 + i;
      const painted = Uint8Array.from(frames!.subarray(at * 12288, (at + 1) * 12288));
      expect(Buffer.compare(painted, all[start + offset]!.data)).toBe(0);
      const [x, y] = truths[start + offset]!.positions.pusher!;
      expect(labels![2 * at * things.length]).toBeCloseTo(x, 6);
      expect(labels![2 * at * things.length + 1]).toBeCloseTo(y, 6);
    });
    expect([...actions!.subarray(8 * row, 8 * row + 2)]).toEqual([...acts[start]!]);
    const here = presence!.subarray(row * things.length, (row + 1) * things.length);
    expect(here.reduce((sum, value) => sum + value, 0)).toBe(1 + objects.length);
  }
  expect(source.batchAt(3).frames).toEqual(frames);
});

test('symmetries move pictures and what is said of them alike', () => {
  const source = createPictureBatches({
    ...{ episodes, batch: 32, offsets: [0, 2], movingShare: 0, symmetries: true, seed: 1, stream: 'b' },
  });
  const { frames, labels } = source.batchAt(0) as Record<string, Float32Array>;
  // Nothing else is as dark as the pusher: its pixels' mean is its label.
  for (let at = 0; at < 64; at++) {
    let [sumX, sumY, mass] = [0, 0, 0];
    for (let pixel = 0; pixel < 64 * 64; pixel++) {
      const from = (at * 64 * 64 + pixel) * 3;
      if (pusherColour.some((value, c) => Math.abs(frames![from + c]! - value) > 3)) continue;
      sumX += ((pixel % 64) + 0.5) / 64;
      sumY += (Math.floor(pixel / 64) + 0.5) / 64;
      mass++;
    }
    const label = 2 * at * things.length;
    expect(Math.abs(sumX / mass - labels![label]!)).toBeLessThan(0.01);
    expect(Math.abs(sumY / mass - labels![label + 1]!)).toBeLessThan(0.01);
  }
});

function tinyTable(): Recipe {
  const { model, ...recipe } = recipeByName('tabletop-pixels');
  return {
    ...{ ...recipe, data, batch: 2, stages: tinyTabletop().stages, checkpointEvery: 2 },
    model: {
      ...model,
      encoder: { ...model.encoder, inputSize: 16, channels: 4, keypoints: 3, hidden: 8, latentSize: 8 } as never,
      ...{ predictor: { kind: 'residual-mlp', hidden: [8] }, probeHidden: [8] },
      decoder: { kind: 'blobs', hidden: [8], count: 3, side: 16 },
    },
  };
}

function tinyRooms(): Recipe {
  const { model, ...recipe } = recipeByName('two-rooms-pixels');
  const { model: small, data: few, batch, offsets, stages } = tinyTwoRooms();
  const { inverseHidden: _, ...rest } = small;
  return {
    ...{ ...recipe, data: few, batch, offsets, stages, evaluateEvery: 5, checkpointEvery: 1 },
    model: { ...rest, decoder: { kind: 'transposed-convolution', hidden: [4], firstSide: 8, channels: [3, 2] } },
  };
}

describe('a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amitable-pixels-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const weights = (name: string) => readFile(join(folder, name, 'model.safetensors'));
  const measures = ['loss', 'drawn', 'drawnAhead', 'unmoved', 'probe', 'probeChance', 'effectiveRank'];

  test('on the table fits the colours of what is probed, trains and is stored', async () => {
    const recipe = tinyTable();
    const { heldOut } = await train({ recipe, seed: 1, out: folder, resume: false });
    for (const metric of measures) expect([metric, Number.isFinite(heldOut[metric])]).toEqual([metric, true]);
    const { config } = await loadModel(folder);
    expect(config.decoder).toEqual(recipe.model.decoder);
    expect(config.things).toHaveLength(7);
    const apart = config.things![0]!.map((value, c) => Math.abs(value - pusherColour[c]!));
    expect(Math.max(...apart)).toBeLessThan(8);
  });

  test('in Two-Rooms resumes to the same bytes, own episodes included', async () => {
    const recipe = tinyRooms();
    const common = { recipe, seed: 1, data: await prepareTrainingData(recipe, 1, {}, {}) };
    const { heldOut } = await train({ ...common, out: join(folder, 'whole'), resume: false });
    for (const metric of measures) expect([metric, Number.isFinite(heldOut[metric])]).toEqual([metric, true]);
    class Killed extends Error {}
    const onStep = ({ step }: { step: number }): void => {
      if (step > 7) throw new Killed();
    };
    const broken = { ...common, out: join(folder, 'broken'), resume: true };
    await expect(train({ ...broken, events: { onStep } })).rejects.toThrow(Killed);
    await train(broken);
    expect((await weights('broken')).equals(await weights('whole'))).toBe(true);
  });
});

test.each([
  ['tabletop-small', 'tabletop-pixels'],
  ['two-rooms', 'two-rooms-pixels'],
] as const)('%s and %s have as many parameters, but for a tenth, the same data and planner', (agents, pixels) => {
  const [one, other] = [recipeByName(agents), recipeByName(pixels)];
  const named = other.model.world === 'tabletop' ? { things } : {};
  const size = ({ model }: Recipe, more = {}): number => layoutOf(worldModelSpecs({ ...model, ...more })).size;
  expect(Math.abs(size(other, named) / size(one) - 1)).toBeLessThan(0.1);
  expect(other.data).toEqual(one.data);
  expect(other.model.planner).toEqual(one.model.planner);
});

test('a generative model is trained by reconstruction alone', () => {
  const recipe = recipeByName('two-rooms-pixels');
  expect(() => withObjective(recipe, 'vicreg')).toThrow("'two-rooms-pixels' trains a generative model");
  expect(() => watchRecipe(recipe)).toThrow("can't go with watching");
  const plain = recipeByName('two-rooms');
  for (const mixed of [
    { ...recipe, objective: plain.objective },
    { ...plain, objective: recipe.objective },
  ])
    expect(() => parseRecipe(mixed, 'recipe.json')).toThrow("'reconstruction' trains models with a decoder");
});

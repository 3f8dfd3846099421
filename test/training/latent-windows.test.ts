import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf, unpack } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { createLatentBatches, encodeTrajectories } from '../../src/training/latent-windows.ts';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import { parseRecipe } from '../../src/training/recipe.ts';
import { createStageStep } from '../../src/training/stage-step.ts';
import { createTwoRoomsBatches, playTrajectories } from '../../src/training/two-rooms-windows.ts';
import { latentSize } from '../../src/world-model/config.ts';
import { latentLoss } from '../../src/world-model/losses/latent-loss.ts';
import { bindWorldModel, worldModelSpecs } from '../../src/world-model/world-model.ts';
import { tinyTabletop, tinyTwoRooms } from './tiny-recipes.ts';

const recipe = tinyTwoRooms();
const { model: config } = recipe;
const layout = layoutOf(worldModelSpecs(config));
const model = { config, layout, parameters: initialise(layout, createRng(2, 'initialise')) };
const size = latentSize(config);
const trajectories = playTrajectories(30, 21, 4, 1, 'test');
const span = 2;
const common = { batch: 5, blockLength: 4, seed: 1, stream: 'test' };
const encodeAll = () => encodeTrajectories(model, trajectories, { threads: 1 });

test('a window of latents is the window of frames of that step, encoded', async () => {
  const sources = [{ trajectories, share: 1 }];
  const frames = createTwoRoomsBatches({ ...common, sources, offsets: [0, 1, 2], frame: config.frame });
  const latents = createLatentBatches({
    ...{ ...common, span, size },
    sources: [{ ...sources[0]!, encoded: await encodeAll() }],
  });
  for (const step of [3, 0]) {
    const seen = frames.batchAt(step);
    const { encoded } = await runEager(
      {
        name: 'encode',
        inputs: { frames: { shape: [15, ...config.frame] }, parameters: { shape: [layout.size] } },
        run: (given) => ({ encoded: bindWorldModel(config, unpack(given.parameters!, layout)).encode(given.frames!) }),
      },
      { frames: seen.frames!, parameters: model.parameters },
    );
    const batch = latents.batchAt(step);
    expect([...batch.actions!]).toEqual([...seen.actions!]);
    expect(batch.latents).toHaveLength(encoded!.length);
    for (const [i, value] of batch.latents!.entries()) expect(Math.abs(value - encoded![i]!)).toBeLessThan(1e-4);
  }
});

test('a batch depends on its step alone, and listed windows are the only ones drawn of their source', async () => {
  const encoded = await encodeAll();
  const source = createLatentBatches({
    ...{ ...common, span, size },
    sources: [
      { trajectories, encoded, windows: Uint32Array.of(7, 1), share: 0.4 },
      { trajectories, encoded, share: 1 },
    ],
  });
  const first = [...source.batchAt(4).latents!];
  const other = [...source.batchAt(5).latents!];
  expect(other).not.toEqual(first);
  expect([...source.batchAt(4).latents!]).toEqual(first);
  // 20 steps: 6 frames a trajectory.
  const listed = [...encoded.latents.subarray((7 * 6 + 1) * size, (7 * 6 + 4) * size)];
  for (const row of [0, 1]) expect(first.slice(row * 3 * size, (row + 1) * 3 * size)).toEqual(listed);
});

test('windows longer than the trajectories are an error that tells both lengths', async () => {
  const encoded = await encodeAll();
  const sources = [{ trajectories, encoded, share: 1 }];
  expect(() => createLatentBatches({ ...common, span: 6, size, sources })).toThrow(/windows of 24 steps do not fit/);
});

test('the loss is the mean squared error of what is rolled forward by the actions', () => {
  // A model that adds the action to the latent: imagined 1, 3 against 1, 5.
  const imagine = (latent: tf.Tensor, actions: readonly tf.Tensor[]) => {
    const latents = [latent];
    for (const action of actions) latents.push(tf.add(latents.at(-1)!, tf.reshape(action, [1, 1, 1])));
    return { latents, heads: [latents] };
  };
  const { loss } = latentLoss({ imagine } as never, tf.tensor([0, 1, 5], [1, 3, 1, 1]), tf.tensor([1, 2], [1, 2, 1]));
  // (0^2 + 2^2) / 2
  expect(loss.dataSync()[0]).toBe(2);
});

test('such a stage trains the predictor and nothing else', async () => {
  const stage = recipe.stages.find(({ encodedOnce }) => encodedOnce !== undefined)!;
  const data = await prepareTrainingData(recipe, 3, { threads: 1 }, {});
  const batches = await data.stageBatches(stage, 2, () => model);
  const { trained } = createStageStep({ recipe, stage, data, layout, inputs: batches.inputs });
  expect(trained.entries.map(({ name }) => name)).toEqual(
    layout.entries.map(({ name }) => name).filter((name) => name.startsWith('predictor')),
  );
});

test('its windows may be longer than the others, up to what is planned', async () => {
  const stage = recipe.stages.find(({ encodedOnce }) => encodedOnce !== undefined)!;
  const span = recipe.offsets.at(-1)! + 1;
  const data = await prepareTrainingData(recipe, 3, { threads: 1 }, {});
  const spanning = (length: number) => ({ ...stage, encodedOnce: { batch: 5, span: length } });
  const { inputs } = await data.stageBatches(spanning(span), 2, () => model);
  expect(inputs.latents!.shape.slice(0, 2)).toEqual([5, span + 1]);
  expect(inputs.actions!.shape).toEqual([5, span, 2]);
  await expect(data.stageBatches(spanning(1000), 2, () => model)).rejects.toThrow(/do not fit into trajectories/);
});

test('recipes that want it otherwise are refused', () => {
  const stage = recipe.stages.at(-1)!;
  const withStage = (changed: object) => ({ ...recipe, stages: [changed] });
  expect(() => parseRecipe(withStage({ ...stage, only: 'encoder' }), 'x.json')).toThrow(/trains the predictor alone/);
  expect(() => parseRecipe(withStage({ ...stage, only: undefined }), 'x.json')).toThrow(/stages.0.only/);
  const table = { ...tinyTabletop(), stages: [stage] };
  expect(() => parseRecipe(table, 'x.json')).toThrow(/encodedOnce is for Two-Rooms/);
});

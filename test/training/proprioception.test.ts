import { createRng } from '../../src/core/rng.ts';
import { constants, initialise, layoutOf } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { calibrate } from '../../src/training/calibrate.ts';
import { collectSlotEpisodes } from '../../src/training/collect-slot-episodes.ts';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { createSlotBatches } from '../../src/training/slot-batches.ts';
import type { SlotEpisodes } from '../../src/training/slot-episodes.ts';
import type { TabletopData } from '../../src/training/tabletop-play.ts';
import { watchRecipe } from '../../src/training/watch-recipe.ts';
import { watch } from '../../src/training/watching.ts';
import { type ColourSlotsConfig, latentSize } from '../../src/world-model/config.ts';
import { slotWindowLoss } from '../../src/world-model/losses/slot-window-loss.ts';
import { defaultObjective } from '../../src/world-model/objectives/config.ts';
import { bindWorldModel, worldModelSpecs } from '../../src/world-model/world-model.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';
import { modelWith, stirred } from '../world-model/sample-models.ts';
import { tinyTabletop, tinyTwoRooms } from './tiny-recipes.ts';

const proprioception = { velocityScale: 8 };
const untrained = untrainedTabletopModel();
const encoder = untrained.config.encoder as ColourSlotsConfig;
const data = { ...(recipeByName('tabletop-small').data as TabletopData), steps: 8 };
const offsets = [0, 1, 4];

let episodes: SlotEpisodes;
beforeAll(async () => {
  episodes = await collectSlotEpisodes({ data, seed: 1, split: 'train', count: 3, encoder });
});

test('play has what the body told: the true place, at rest', () => {
  const { slots, steps, labels } = episodes;
  for (let frame = 0; frame < episodes.episodes * (steps + 1); frame++) {
    const [x, y] = labels.subarray(2 * frame * slots, 2 * frame * slots + 2);
    expect([...episodes.proprioception.subarray(4 * frame, 4 * frame + 4)]).toEqual([x, y, 0, 0]);
  }
});

test('batches have it where it is wanted, and it moves with the table', () => {
  const common = { episodes, batch: 16, offsets, movingShare: 0, seed: 2, stream: 'test' };
  const plain = createSlotBatches({ ...common, symmetries: true });
  const felt = createSlotBatches({ ...common, symmetries: true, proprioception: true });
  expect(Object.keys(plain.inputs)).not.toContain('proprioception');
  expect(felt.inputs.proprioception!.shape).toEqual([16, 3, 4]);
  const { proprioception: bodies, ...rest } = felt.batchAt(3);
  expect(rest).toEqual(plain.batchAt(3));
  const labels = rest.labels!;
  for (let i = 0; i < 16 * 3; i++) {
    expect(bodies![4 * i]).toBeCloseTo(labels[2 * episodes.slots * i]!, 6);
    expect(bodies![4 * i + 1]).toBeCloseTo(labels[2 * episodes.slots * i + 1]!, 6);
  }
});

test("the pusher's velocity counts in the loss, as its place does; what other slots have there does not", async () => {
  const config = modelWith({ encoder: { ...encoderOf(), moments: true }, proprioception });
  const { layout, parameters } = stirred(config);
  const [batch, frames, slots, size] = [4, offsets.length, 3, latentSize(config)];
  const rng = createRng(4, 'windows');
  const draw = (...shape: number[]) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()),
  });
  const given = {
    encoded: draw(batch, frames, slots, size),
    actions: draw(batch, 4, 2),
    labels: draw(batch, frames, slots, 2),
    headings: draw(batch, frames, slots, 4),
  };
  const lossOf = async (slot: number, by: number, place: number) => {
    const encoded = given.encoded.values.slice();
    for (let row = 0; row < batch; row++) encoded[((row * frames + 2) * slots + slot) * size + 8]! += by;
    const { loss, velocity } = await runEager(
      {
        name: 'loss',
        inputs: Object.fromEntries(Object.entries(given).map(([name, { shape }]) => [name, { shape }])),
        run(inputs) {
          const windows = {
            ...(inputs as Record<keyof typeof given, tf.Tensor>),
            teacher: null,
            noise: {},
            headingMask: tf.ones([batch, frames, slots, 4]),
            presence: tf.ones([batch, slots - 1]),
          };
          const model = bindWorldModel(config, constants(parameters, layout));
          const options = { objective: defaultObjective('vicreg'), place };
          const { loss, metrics } = slotWindowLoss(model, windows, offsets, options);
          return { loss, velocity: metrics.velocity! };
        },
      },
      { ...Object.fromEntries(Object.entries(given).map(([name, { values }]) => [name, values])), encoded },
    );
    return { loss: loss![0]!, velocity: velocity![0]! };
  };
  const [plain, other, heavier] = [await lossOf(0, 0, 1), await lossOf(0, 3, 1), await lossOf(0, 3, 2)];
  expect(other.velocity).not.toBeCloseTo(plain.velocity, 2);
  // Nothing but the velocity's own squared error, of weight `place`, tells the two apart.
  const change = other.velocity ** 2 - plain.velocity ** 2;
  expect(other.loss - plain.loss).toBeCloseTo(change, 3);
  expect(heavier.loss - (await lossOf(0, 0, 2)).loss).toBeCloseTo(2 * change, 3);
  expect(await lossOf(1, 3, 1)).toEqual(plain);
});

test('a model that goes by it is calibrated with it', async () => {
  const config = { ...untrained.config, proprioception };
  const layout = layoutOf(worldModelSpecs(config));
  const rng = createRng(4, 'untrained');
  const parameters = initialise(layout, rng).map((value) => (value === 0 ? 0.05 * rng.normal() : value));
  const model = { config, layout, parameters };
  const { pusherError } = await calibrate({ model, data, seed: 5, episodes: 4, quantile: 0.5, threads: 1 });
  expect(pusherError.every(Number.isFinite)).toBe(true);
});

test('where there is none to train on it is refused: in two-rooms, and watching frames alone', async () => {
  const rooms = tinyTwoRooms();
  const feeling = { ...rooms, model: { ...rooms.model, proprioception } };
  await expect(prepareTrainingData(feeling, 1, {}, {})).rejects.toThrow(/two-rooms gives no proprioception/);

  const pictured = { ...tinyTabletop(), model: { ...rooms.model, world: 'tabletop' as const, history: 2 } };
  await expect(prepareTrainingData(pictured, 1, {}, {})).rejects.toThrow(/one by one; take `history` out/);

  const table = tinyTabletop();
  const recipe = { ...table, model: { ...table.model, proprioception } };
  expect(watchRecipe(recipe).model).toEqual(table.model);
  const data = { config: recipe.model } as Awaited<ReturnType<typeof prepareTrainingData>>;
  const watched = watch({ recipe, seed: 1, out: 'nowhere', resume: false, data });
  await expect(watched).rejects.toThrow(/watches frames alone; take `proprioception` out/);
});

function encoderOf(): ColourSlotsConfig {
  return modelWith({ predictor: { kind: 'interaction', pusherHidden: [8], width: 12, messageWidth: 5 } })
    .encoder as ColourSlotsConfig;
}

import { createImagination } from '../../src/agent/imagination.ts';
import { createPredictionRecord } from '../../src/agent/past-predictions.ts';
import { createRng } from '../../src/core/rng.ts';
import { latentSize } from '../../src/world-model/config.ts';
import { modelWith, predictors, started } from '../world-model/sample-models.ts';

const config = { ...modelWith({ predictor: predictors['residual-mlp'] }), actionRepeat: 2 };
const size = latentSize(config);
const width = config.action.low.length;
const { actionRepeat } = config;
const filled = (value: number): Float32Array => new Float32Array(size).fill(value);

/** A model that foretells the latent plus the sum of the action. */
const foretell = async (latent: Float32Array, action: Float32Array): Promise<Float32Array> =>
  latent.map((value) => value + action[0]! + action[1]!);

const newRecord = (count: number) =>
  createPredictionRecord({ config, corrections: { latent: 1, action: 1, count }, foretell });

/** One predictor step of actions whose mean is (mean, 0). */
function act(record: ReturnType<typeof newRecord>, mean: number, steps = actionRepeat): void {
  for (let t = 0; t < steps; t++) record.act([mean + (t % 2 === 0 ? 0.25 : -0.25), 0]);
}

test('a look after a whole predictor step notes what was missing', async () => {
  const record = newRecord(3);
  await record.look(filled(1));
  expect([...record.feeds().pastKnown!]).toEqual([0, 0, 0]);
  act(record, 0.5);
  await record.look(filled(1.25));
  const { pastLatents, pastActions, pastResiduals, pastKnown } = record.feeds();
  expect([...pastKnown!]).toEqual([1, 0, 0]);
  expect([...pastLatents!.slice(0, size)]).toEqual([...filled(1)]);
  expect([...pastActions!.slice(0, width)]).toEqual([0.5, 0]);
  // 1.25 came where 1 + 0.5 was foretold.
  expect([...pastResiduals!.slice(0, size)]).toEqual([...filled(-0.25)]);
});

test('a look within a predictor step notes nothing, and the next step begins there', async () => {
  const record = newRecord(3);
  await record.look(filled(0));
  act(record, 0.5, actionRepeat - 1);
  await record.look(filled(7));
  expect([...record.feeds().pastKnown!]).toEqual([0, 0, 0]);
  act(record, 1);
  await record.look(filled(8.5));
  expect([...record.feeds().pastLatents!.slice(0, size)]).toEqual([...filled(7)]);
  expect([...record.feeds().pastResiduals!.slice(0, size)]).toEqual([...filled(0.5)]);
});

test('only the latest are kept', async () => {
  const record = newRecord(2);
  await record.look(filled(0));
  for (const mean of [1, 2, 3]) {
    act(record, mean);
    await record.look(filled(0));
  }
  const { pastActions, pastKnown } = record.feeds();
  expect([...pastKnown!]).toEqual([1, 1]);
  expect([pastActions![0], pastActions![width]].sort()).toEqual([2, 3]);
});

test('what is imagined from the same place, under the same action, is what came of it', async () => {
  const rng = createRng(6, 'past-predictions');
  const { layout, parameters } = started(config);
  const model = { config, layout, parameters, hash: 'none', directory: 'none' };
  const corrections = { latent: 0.3, action: 0.1, count: 2 };
  const [plain, corrected] = [null, corrections].map((given) =>
    createImagination({ model, slots: 1, horizon: 2, corrections: given }),
  ) as [ReturnType<typeof createImagination>, ReturnType<typeof createImagination>];
  const [here, came] = [0, 1].map(() => Float32Array.from({ length: size }, () => rng.normal())) as [
    Float32Array,
    Float32Array,
  ];
  const record = createPredictionRecord({ config, corrections, foretell: corrected.expect });
  await record.look(here);
  for (let t = 0; t < actionRepeat; t++) record.act([0.5, -0.5]);
  await record.look(came);

  const past = record.feeds();
  const plan = Float32Array.of(0.5, -0.5, 0.2, 0.1);
  const believed = await corrected.foresee({ latent: here, past, cost: {} }, plan);
  const fromThere = await plain.foresee({ latent: came, cost: {} }, Float32Array.of(0.2, 0.1, 0, 0));
  for (const step of [0, 1]) {
    expect(believed[step + 1]![0]![0]).toBeCloseTo(fromThere[step]![0]![0], 4);
    expect(believed[step + 1]![0]![1]).toBeCloseTo(fromThere[step]![0]![1], 4);
  }
  const other = Float32Array.of(-1, 1, 0.2, 0.1);
  const [a, b] = [
    await corrected.foresee({ latent: here, past, cost: {} }, other),
    await plain.foresee({ latent: here, cost: {} }, other),
  ];
  for (const axis of [0, 1] as const) expect(a[2]![0]![axis]).toBeCloseTo(b[2]![0]![axis], 4);
  for (const imagination of [plain, corrected]) await imagination.dispose();
});

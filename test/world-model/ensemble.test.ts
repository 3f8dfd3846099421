import { createImagination } from '../../src/agent/imagination.ts';
import { createRng } from '../../src/core/rng.ts';
import type { CompiledCost } from '../../src/cost/compile-cost.ts';
import { normalise } from '../../src/engine/nn/normalise.ts';
import { constants, layoutOf } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { latentSize } from '../../src/world-model/config.ts';
import { disagreementOf } from '../../src/world-model/predictors/ensemble.ts';
import { bindWorldModel, worldModelSpecs } from '../../src/world-model/world-model.ts';
import { trainBriefly } from './model-contract.ts';
import { modelWith, predictors, started, stirred } from './sample-models.ts';

const single = modelWith({ predictor: predictors['residual-mlp'] });
const three = modelWith({ predictor: predictors['residual-mlp'], ensemble: 3 });

test('the first head is the single predictor, by name and starting value; the others start elsewhere', () => {
  const alone = started(single);
  const together = started(three);
  const valuesOf = ({ layout, parameters }: typeof alone, name: string): Float32Array => {
    const { offset, size } = layout.entries.find((entry) => entry.name === name)!;
    return parameters.slice(offset, offset + size);
  };
  for (const { name } of alone.layout.entries) expect(valuesOf(together, name)).toEqual(valuesOf(alone, name));
  const [first, second, third] = ['predictor', 'predictor2', 'predictor3'].map((head) =>
    valuesOf(together, `${head}.0.weight`),
  );
  expect(second).not.toEqual(first);
  expect(third).not.toEqual(second);
  const heads = layoutOf(worldModelSpecs(three)).entries.filter(({ name }) => name.startsWith('predictor'));
  const own = layoutOf(worldModelSpecs(single)).entries.filter(({ name }) => name.startsWith('predictor'));
  expect(heads).toHaveLength(3 * own.length);
});

test('disagreement is the standard deviation over heads, both axes together', async () => {
  const { disagreement } = await runEager(
    {
      name: 'disagreement',
      inputs: {},
      run: () => ({
        disagreement: disagreementOf([
          tf.tensor([0.1, 0.2, 0.5, 0.5], [2, 2]),
          tf.tensor([0.4, 0.2, 0.5, 0.5], [2, 2]),
          tf.tensor([0.4, 0.5, 0.5, 0.5], [2, 2]),
        ]),
      }),
    },
    {},
  );
  // Mean (0.3, 0.3): squared distances 0.05, 0.02, 0.05, so sqrt(0.12 / 2).
  expect(disagreement![0]).toBeCloseTo(Math.sqrt(0.06), 6);
  expect(disagreement![1]).toBeLessThan(2e-6);
});

test.each(['residual-mlp', 'gru', 'causal-transformer', 'interaction'] as const)(
  '%s: planning sees the mean of heads that each go their own way, and how far apart they are',
  async (kind) => {
    const [samples, horizon] = [3, 3];
    const config = modelWith({ predictor: predictors[kind], ensemble: 3 });
    const slots = kind === 'interaction' ? 3 : 1;
    const size = latentSize(config);
    const { layout, parameters } = stirred(config);
    const rng = createRng(5, kind);
    const latent = Float32Array.from({ length: slots * size }, () => rng.normal());
    const candidates = Float32Array.from({ length: samples * horizon * 2 }, () => rng.normal());

    /** What imagination hands to a cost, summed over slots, one step at a time. */
    const seenAt = async (step: number): Promise<{ apart: Float32Array; x: Float32Array }> => {
      const at = (tensor: Tensor) =>
        tf.sum(tf.slice(tensor, [0, 0, step, 0], [1, samples, 1, slots]), [2, 3]) as Tensor;
      const cost: CompiledCost = {
        signature: `${step}`,
        inputs: {},
        evaluate: ({ disagreement, positions }) => ({
          cost: at(disagreement!),
          violation: at(
            tf.reshape(tf.slice(positions!, [0, 0, 0, 0, 0], [1, samples, horizon + 1, slots, 1]), [
              1,
              samples,
              horizon + 1,
              slots,
            ]),
          ),
        }),
        bind: () => ({}),
      };
      const imagination = createImagination({
        model: { config, layout, parameters, hash: '', directory: '' },
        ...{ slots, horizon },
      });
      const scores = await imagination.scorer([{ latent, cost: {} }], cost).score(candidates, samples);
      await imagination.dispose();
      return { apart: scores.cost, x: scores.violation };
    };
    const [now, later] = [await seenAt(0), await seenAt(horizon)];
    for (const value of now.apart) expect(value).toBeLessThan(1e-5);

    const { apart, x } = await runEager(
      {
        name: 'by hand',
        inputs: { latent: { shape: [1, slots, size] }, candidates: { shape: [samples, horizon, 2] } },
        run({ latent: z, candidates: all }) {
          const model = bindWorldModel(config, constants(parameters, layout));
          const actions = tf.unstack(all!, 1);
          const { latents, heads } = model.imagine(tf.tile(z!, [samples, 1, 1]), actions);
          const mean = tf.div(tf.addN(heads.map((own) => own[horizon]!)), 3);
          const places = tf.stack(heads.map((own) => model.probe(own[horizon]!).position));
          const off = tf.sub(places, tf.mean(places, 0, true));
          expect(tf.max(tf.abs(tf.sub(latents[horizon]!, mean))).dataSync()[0]).toBeLessThan(1e-6);
          return {
            apart: tf.sum(tf.sqrt(tf.div(tf.sum(tf.square(off), [0, 3]), 2)), 1),
            x: tf.sum(tf.slice(model.probe(mean).position, [0, 0, 0], [samples, slots, 1]), [1, 2]),
          };
        },
      },
      { latent, candidates },
    );
    for (let i = 0; i < samples; i++) {
      expect(apart![i]).toBeGreaterThan(1e-3);
      expect(later.apart[i]).toBeCloseTo(apart![i]!, 4);
      expect(later.x[i]).toBeCloseTo(x![i]!, 4);
    }
  },
);

test('heads that learned the same agree where the data were, and less beyond', async () => {
  const [rows, size] = [48, latentSize(three)];
  const rng = createRng(11, 'agree');
  const latent = Float32Array.from({ length: rows * size }, () => rng.normal());
  // Actions of one half of the range only; turned round, they are what was never seen.
  const actions = Float32Array.from({ length: rows * 2 }, () => rng.between(0.2, 1));
  const inputs = { latent: { shape: [rows, 1, size] }, actions: { shape: [rows, 2] } };
  const trained = await trainBriefly(
    started(three),
    'predictor',
    inputs,
    { latent, actions },
    (parameters, given) => {
      const z = normalise(given.latent!);
      const push = tf.tile(tf.expandDims(given.actions!, 1), [1, 1, size / 2]);
      const target = normalise(tf.add(z, tf.mul(tf.sin(tf.mul(push, 3)), 0.5)));
      const { heads } = bindWorldModel(three, parameters).imagine(z, [given.actions!]);
      return tf.mean(tf.stack(heads.map((own) => tf.mean(tf.squaredDifference(own[1]!, target)))));
    },
    { steps: 300, learningRate: 1e-2 },
  );
  expect(trained.after).toBeLessThan(0.1 * trained.before);
  const { layout } = started(three);
  const { seen, unseen } = await runEager(
    {
      name: 'spread',
      inputs,
      run({ latent: z, actions: a }) {
        const model = bindWorldModel(three, constants(trained.parameters, layout));
        const spread = (action: Tensor) => {
          const ends = model.imagine(normalise(z!), [action]).heads.map((own) => own[1]!);
          return tf.mean(disagreementOf(ends));
        };
        return { seen: spread(a!), unseen: spread(tf.neg(a!)) };
      },
    },
    { latent, actions },
  );
  expect(unseen![0]).toBeGreaterThan(2 * seen![0]!);
});

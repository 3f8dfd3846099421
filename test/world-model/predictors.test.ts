import { createRng } from '../../src/core/rng.ts';
import { normalise } from '../../src/engine/nn/normalise.ts';
import { constants } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import {
  latentParts,
  latentSize,
  type ModelConfig,
  measuredSize,
  parseModelConfig,
  staticSize,
} from '../../src/world-model/config.ts';
import { createPredictor, predictorKinds } from '../../src/world-model/predictors/create-predictor.ts';
import type { PredictorSizes, PredictorState } from '../../src/world-model/predictors/predictor.ts';
import { normaliseParts } from '../../src/world-model/static-part.ts';
import { bindWorldModel, slotCount, type WorldModel } from '../../src/world-model/world-model.ts';
import { deadParameters, runBothWays, trainBriefly } from './model-contract.ts';
import { encoders, modelWith, predictors, started, stirred } from './sample-models.ts';
import { testStoring } from './test-storing.ts';

const rows = 8;
/** More than the transformer's window. */
const steps = 5;

/** Latents as encoders give them: what is learned normalised, after the place where there is one. */
function presentOf(latent: Tensor, config: ModelConfig): Tensor {
  if (config.encoder.kind !== 'colour-slots') return normaliseParts(latent, staticSize(config));
  const measured = measuredSize(config);
  const [seen, what] = tf.split(latent, [measured, latentSize(config) - measured], 2) as [Tensor, Tensor];
  return tf.concat([seen, normalise(what)], 2);
}

const actionsOf = (actions: Tensor): Tensor[] =>
  tf.split(actions, steps, 1).map((action) => tf.reshape(action, [action.shape[0]!, 2]));

const draw = (size: number, name: string): Float32Array => {
  const rng = createRng(3, name);
  return Float32Array.from({ length: size }, () => rng.normal());
};

function setUp(config: ModelConfig) {
  const [slots, size] = [slotCount(config), latentSize(config)];
  return {
    inputs: { latent: { shape: [rows, slots, size] }, actions: { shape: [rows, steps, 2] } },
    feeds: { latent: draw(rows * slots * size, 'latent'), actions: draw(rows * steps * 2, 'actions') },
    imagine: (model: WorldModel, { latent, actions }: Record<string, Tensor>) =>
      model.imagine(presentOf(latent!, config), actionsOf(actions!)),
    shape: [rows, slots, size],
  };
}

const difference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

const partlyStatic = { ...encoders['strided-convolution'], staticSize: 2 };

const configs: Readonly<Record<string, ModelConfig>> = {
  ...Object.fromEntries(predictorKinds.map((kind) => [kind, modelWith({ predictor: predictors[kind] })])),
  'interaction with a velocity': modelWith({
    predictor: predictors.interaction,
    proprioception: { velocityScale: 8 },
  }),
  ...Object.fromEntries(
    (['residual-mlp', 'gru', 'causal-transformer'] as const).map((kind) => [
      `${kind} with a static part`,
      modelWith({ encoder: partlyStatic, predictor: predictors[kind] }),
    ]),
  ),
};

describe.each(Object.entries(configs))('%s', (_kind, config) => {
  const { inputs, feeds, imagine, shape } = setUp(config);

  test('rolls each row forward by itself; compiled as eagerly', async () => {
    const { layout, parameters } = stirred(config);
    const { latents, reversed } = await runBothWays(
      {
        name: 'imagine',
        inputs,
        run({ latent, actions }) {
          const model = bindWorldModel(config, constants(parameters, layout));
          const { latents: ahead } = imagine(model, { latent: latent!, actions: actions! });
          const backwards = imagine(model, { latent: tf.reverse(latent!, 0), actions: tf.reverse(actions!, 0) });
          expect(ahead.map((z) => z.shape)).toEqual(Array.from({ length: steps + 1 }, () => shape));
          return { latents: tf.stack([...ahead]), reversed: tf.reverse(tf.stack([...backwards.latents]), 1) };
        },
      },
      feeds,
    );
    expect(latents!.every(Number.isFinite)).toBe(true);
    expect(difference(latents!, reversed!)).toBeLessThan(1e-4);
  });

  test('starts as the identity', async () => {
    const { layout, parameters } = started(config);
    const { before, after } = await runEager(
      {
        name: 'start',
        inputs,
        run(given) {
          const { latents } = imagine(bindWorldModel(config, constants(parameters, layout)), given);
          return { before: latents[0]!, after: latents[steps]! };
        },
      },
      feeds,
    );
    expect(difference(before as Float32Array, after as Float32Array)).toBeLessThan(1e-3);
  });

  // Turned and shifted by the action: nothing that staying put would explain.
  const wanted = (latent: Tensor, actions: Tensor): Tensor[] =>
    actionsOf(actions).map((action, i) => {
      const push = tf.tile(tf.expandDims(action, 1), [1, shape[1]!, shape[2]! / 2]);
      const moves = tf.less(tf.range(0, shape[2]!), shape[2]! - staticSize(config));
      return presentOf(tf.add(latent, tf.mul(tf.mul(push, moves), 0.5 * (i + 1))), config);
    });
  const error = (parameters: Parameters<typeof bindWorldModel>[1], given: Record<string, Tensor>): Tensor => {
    const targets = wanted(given.latent!, given.actions!);
    const { latents } = imagine(bindWorldModel(config, parameters), given);
    return tf.mean(tf.stack(targets.map((target, i) => tf.mean(tf.squaredDifference(latents[i + 1]!, target)))));
  };

  test('has no dead parameters', async () => {
    const { specs } = createPredictor(config.predictor, sizesOf(config));
    expect(Object.keys(specs).every((name) => name.startsWith('predictor.'))).toBe(true);
    expect(await deadParameters(stirred(config), 'predictor.', inputs, feeds, error)).toEqual([]);
  });

  test('learns', async () => {
    const { before, after } = await trainBriefly(started(config), 'predictor.', inputs, feeds, error);
    expect(after).toBeLessThan(0.7 * before);
  });

  testStoring('predictor', config);
});

function sizesOf(config: ModelConfig): PredictorSizes {
  return {
    latentSize: latentSize(config),
    measuredSize: measuredSize(config),
    velocitySize: latentParts(config).velocity,
    staticSize: staticSize(config),
    actionSize: 2,
  };
}

/** The last latent, imagined in one go; and step by step, forgetting all but the latent in between. */
async function rememberingAndForgetting(config: ModelConfig): Promise<number> {
  const { inputs, feeds, imagine } = setUp(config);
  const { layout, parameters } = stirred(config);
  const { remembering, forgetting } = await runEager(
    {
      name: 'remember',
      inputs,
      run(given) {
        const model = bindWorldModel(config, constants(parameters, layout));
        const { latents } = imagine(model, given);
        const forgetful = actionsOf(given.actions!).reduce((z, action) => model.predict(z, action), latents[0]!);
        return { remembering: latents[steps]!, forgetting: forgetful };
      },
    },
    feeds,
  );
  return difference(remembering as Float32Array, forgetting as Float32Array);
}

test.each(['gru', 'causal-transformer'] as const)('%s goes by more than the latent', async (kind) => {
  expect(await rememberingAndForgetting(modelWith({ predictor: predictors[kind] }))).toBeGreaterThan(0.05);
});

test.each([
  ['residual-mlp', modelWith({ predictor: predictors['residual-mlp'] })],
  ['interaction', modelWith({ predictor: predictors.interaction })],
  ['interaction with a velocity', configs['interaction with a velocity']!],
  ['a window of one', modelWith({ predictor: { ...predictors['causal-transformer'], window: 1 } })],
] as const)('%s goes by the latent alone', async (_name, config) => {
  expect(await rememberingAndForgetting(config)).toBe(0);
});

test('the transformer sees its window and nothing before', async () => {
  const config = modelWith({ predictor: { ...predictors['causal-transformer'], window: 3 } });
  const predictor = createPredictor(config.predictor, sizesOf(config));
  const { layout, parameters } = stirred(config);
  const { inputs, feeds } = setUp(config);
  /** The prediction after latents that are all given, the one of `changed` steps ago being another. */
  const after = async (changed: number): Promise<Float32Array> => {
    const { next } = await runEager(
      {
        name: 'window',
        inputs,
        run({ latent, actions }) {
          const bound = constants(parameters, layout);
          const seen = presentOf(latent!, config);
          let state: PredictorState = { latent: seen, memory: null };
          for (const [i, action] of actionsOf(actions!).entries()) {
            const shown = i === steps - 1 - changed ? tf.neg(seen) : tf.mul(seen, 1 + i);
            state = predictor.step(bound, { latent: shown, memory: state.memory }, action);
          }
          return { next: state.latent };
        },
      },
      feeds,
    );
    return next as Float32Array;
  };
  const untouched = await after(steps);
  for (const changed of [0, 1, 2]) expect(difference(await after(changed), untouched)).toBeGreaterThan(1e-3);
  for (const changed of [3, 4]) expect(difference(await after(changed), untouched)).toBe(0);
});

test('a predictor of slots wants slots, and all others one flat latent', () => {
  const slots = modelWith({ predictor: predictors.interaction });
  const flat = modelWith({ predictor: predictors.gru });
  for (const mixed of [
    { ...slots, predictor: flat.predictor },
    { ...flat, predictor: slots.predictor },
  ])
    expect(() => parseModelConfig(mixed, 'config.json')).toThrow(/predictor\.kind: 'interaction' predicts the slots/);
});

import { RunError, UsageError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { detach } from '../../src/engine/detach.ts';
import { linear, linearSpecs } from '../../src/engine/nn/linear.ts';
import { mlp, mlpSpecs } from '../../src/engine/nn/mlp.ts';
import { adamW } from '../../src/engine/optimiser.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import type { DeviceName } from '../../src/engine/program.ts';
import { tf } from '../../src/engine/tf.ts';
import { createTrainer, type Trainer } from '../../src/engine/trainer.ts';
import { createTrainingStep, type TrainingStepOptions } from '../../src/engine/training-step.ts';

const rows = 8;
const layout = layoutOf({ ...mlpSpecs('body', [3, 16, 4], { layerNorm: true }), ...linearSpecs('head', 4, 2) });

/** Regression of y = sin(x) by a small network. */
const options: TrainingStepOptions = {
  name: 'regression',
  layout,
  inputs: { x: { shape: [rows, 3] }, y: { shape: [rows, 2] } },
  loss(parameters, { x, y }) {
    const hidden = mlp(parameters, 'body', x!, { activation: 'silu', layerNorm: true });
    const error = tf.mean(tf.squaredDifference(linear(parameters, 'head', hidden), y!));
    return { loss: error, metrics: { error, size: tf.mean(tf.square(hidden)) } };
  },
  optimiser: adamW({ weightDecay: 0.01 }),
  clipNorm: 1,
};

/** The batch of a step, the same whenever it is asked for. */
function batchAt(step: number): Record<string, Float32Array> {
  const rng = createRng(7, 'batch', step);
  const x = Float32Array.from({ length: rows * 3 }, () => rng.normal());
  return { x, y: Float32Array.from({ length: rows * 2 }, (_, i) => Math.sin(x[Math.floor(i / 2) * 3 + (i % 2)]!)) };
}

const trainers: Trainer[] = [];
async function trainer(changes: Partial<TrainingStepOptions> = {}, device: DeviceName = 'native'): Promise<Trainer> {
  const step = createTrainingStep({ ...options, ...changes });
  const made = await createTrainer({ step, parameters: initialise(step.layout, createRng(1)), device });
  trainers.push(made);
  return made;
}

async function train(trained: Trainer, steps: number): Promise<Record<string, number>[]> {
  const metrics: Record<string, number>[] = [];
  for (let i = 0; i < steps; i++) metrics.push(await trained.step(batchAt(trained.stepsDone), 1e-2));
  return metrics;
}

afterEach(async () => {
  for (const made of trainers.splice(0)) await made.dispose();
});

describe('createTrainer', () => {
  test('goes the share of the way that a parameter is given, and no other goes differently', async () => {
    const [full, slowed] = [await trainer(), await trainer({ rateOf: (name) => (name.startsWith('body') ? 0.25 : 1) })];
    const start = full.state().parameters;
    await train(full, 1);
    await train(slowed, 1);
    const moved = (made: Trainer) => made.state().parameters.map((value, i) => value - start[i]!);
    const [whole, part] = [moved(full), moved(slowed)];
    for (const { name, offset, size } of options.layout.entries) {
      const share = name.startsWith('body') ? 0.25 : 1;
      for (let i = offset; i < offset + size; i++) expect(part[i]).toBeCloseTo(share * whole[i]!, 6);
    }
    expect(whole.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });

  test('learns', async () => {
    const metrics = await train(await trainer(), 400);
    const mean = (from: number, to: number) =>
      metrics.slice(from, to).reduce((sum, { loss }) => sum + loss!, 0) / (to - from);
    expect(mean(380, 400)).toBeLessThan(0.1 * mean(0, 5));
    expect(Object.keys(metrics[0]!)).toEqual(['loss', 'gradientNorm', 'error', 'size']);
    for (const { loss, error } of metrics) expect(loss).toBe(error);
  });

  test('does compiled what the same step does eagerly', async () => {
    const compiled = await trainer();
    const eager = await trainer({}, 'cpu');
    const [ours, reference] = [await train(compiled, 10), await train(eager, 10)];
    ours.forEach((metrics, i) => {
      for (const [name, value] of Object.entries(metrics)) expect(value).toBeCloseTo(reference[i]![name]!, 4);
    });
    const after = eager.state().parameters;
    compiled.state().parameters.forEach((value, i) => {
      expect(Math.abs(value - after[i]!)).toBeLessThan(1e-4);
    });
  });

  test('continues from a restored state bit for bit', async () => {
    const straight = await trainer({ teacherDecay: 0.9 });
    await train(straight, 5);
    const saved = straight.state();
    await train(straight, 5);

    const resumed = await trainer({ teacherDecay: 0.9 });
    resumed.restore(saved);
    expect(resumed.stepsDone).toBe(5);
    await train(resumed, 5);
    expect(resumed.state()).toEqual(straight.state());
  });

  test('gives copies: a saved state does not change with later steps, nor the trainer with it', async () => {
    const trained = await trainer();
    await train(trained, 1);
    const saved = trained.state();
    const before = saved.parameters.slice();
    await train(trained, 2);
    expect(saved.parameters).toEqual(before);
    const state = trained.state();
    trained.state().parameters.fill(0);
    expect(trained.state()).toEqual(state);
  });

  test('names the step and the first metric that is not finite, and keeps the state before it', async () => {
    const spoilt = await trainer();
    await train(spoilt, 3);
    const before = spoilt.state();
    const batch = batchAt(3);
    batch.x![0] = Number.NaN;
    const failure = spoilt.step(batch, 1e-2);
    await expect(failure).rejects.toThrow(RunError);
    await expect(failure).rejects.toThrow("training 'regression' diverged at step 4: error is NaN");
    expect(spoilt.state()).toEqual(before);

    const untouched = await trainer();
    await train(untouched, 6);
    await train(spoilt, 3);
    expect(spoilt.state()).toEqual(untouched.state());
  });

  test('treats an infinite gradient under a finite loss as divergence', async () => {
    const trained = await trainer({
      layout: layoutOf({ w: { shape: [2], init: (shape) => new Float32Array(shape[0]!) } }),
      inputs: {},
      loss: ({ w }) => ({ loss: tf.sum(tf.sqrt(w!)), metrics: {} }),
    });
    await expect(trained.step({}, 1e-2)).rejects.toThrow('diverged at step 1: gradientNorm is');
  });

  test('leaves frozen parameters as they are, weight decay and all', async () => {
    const trained = await trainer({
      trainable: (name) => name.startsWith('head'),
      optimiser: adamW({ weightDecay: 1 }),
    });
    const before = trained.state().parameters;
    await train(trained, 3);
    const after = trained.state().parameters;
    for (const { name, offset, size } of layout.entries) {
      const same = before.slice(offset, offset + size).every((value, i) => value === after[offset + i]);
      expect([name, same]).toEqual([name, !name.startsWith('head')]);
    }
    expect(trained.state().optimiser.m!.length).toBe(4 * 2 + 2);
  });

  test('keeps an exponential average of the parameters as teacher, and hands it to the loss', async () => {
    const trained = await trainer({
      teacherDecay: 0.75,
      loss(parameters, inputs, teacher) {
        const { loss, metrics } = options.loss(parameters, inputs, {});
        const drift = tf.sum(tf.squaredDifference(parameters['head.weight']!, teacher['head.weight']!));
        return { loss, metrics: { ...metrics, drift } };
      },
    });
    const expected = trained.state().teacher!;
    expect(expected).toEqual(trained.state().parameters);
    for (let step = 0; step < 4; step++) {
      const [metrics] = await train(trained, 1);
      if (step === 0) expect(metrics!.drift).toBe(0);
      else expect(metrics!.drift).toBeGreaterThan(0);
      const { parameters, teacher } = trained.state();
      expected.forEach((old, i) => {
        expected[i] = 0.75 * old + 0.25 * parameters[i]!;
        expect(Math.abs(teacher![i]! - expected[i]!)).toBeLessThan(1e-6);
      });
    }
  });

  test('does one step at a time', async () => {
    const trained = await trainer();
    const first = trained.step(batchAt(0), 1e-2);
    await expect(trained.step(batchAt(0), 1e-2)).rejects.toThrow('in the middle of a step');
    await first;
    expect(trained.stepsDone).toBe(1);
  });

  test('refuses states, parameters and learning rates that do not fit', async () => {
    const trained = await trainer();
    const state = trained.state();
    expect(() => trained.restore({ ...state, parameters: new Float32Array(3) })).toThrow(UsageError);
    expect(() => trained.restore({ ...state, optimiser: { m: state.optimiser.m! } })).toThrow("'v' needs");
    await expect(trained.step(batchAt(0), Number.NaN)).rejects.toThrow('the learning rate is NaN');
    await expect(trained.step({ x: batchAt(0).x! }, 1e-2)).rejects.toThrow("input 'y' was not fed");
    expect(trained.state()).toEqual(state);
  });
});

describe('createTrainingStep', () => {
  test('reports the length of the gradient before clipping: that of finite differences', async () => {
    const parameters = initialise(layout, createRng(1));
    const norm = (await train(await trainer(), 1))[0]!.gradientNorm!;
    // A step of descent without memory moves against the sign of each component, so probe the loss itself.
    const step = createTrainingStep(options);
    const probe = await createTrainer({ step, parameters, device: 'cpu' });
    const lossAt = async (moved: Float32Array) => {
      probe.restore({ ...probe.state(), step: 0, parameters: moved });
      return (await probe.step(batchAt(0), 0)).loss!;
    };
    let squares = 0;
    for (let i = 0; i < parameters.length; i++) {
      const moved = parameters.slice();
      moved[i]! += 1e-2;
      const above = await lossAt(moved);
      moved[i]! -= 2e-2;
      squares += ((above - (await lossAt(moved))) / 2e-2) ** 2;
    }
    expect(Math.abs(norm / Math.sqrt(squares) - 1)).toBeLessThan(0.01);
  });

  test('sends no gradient through detached values', async () => {
    const trained = await trainer({
      loss(parameters, { x, y }) {
        const hidden = mlp(parameters, 'body', x!, { activation: 'silu', layerNorm: true });
        const error = tf.mean(tf.squaredDifference(linear(parameters, 'head', detach(hidden)), y!));
        // Touches the body, with no slope.
        return { loss: tf.add(error, tf.mul(tf.sum(hidden), 0)), metrics: {} };
      },
      optimiser: adamW({ weightDecay: 0 }),
    });
    const before = trained.state().parameters;
    await train(trained, 2);
    const after = trained.state().parameters;
    for (const { name, offset, size } of layout.entries) {
      const same = before.slice(offset, offset + size).every((value, i) => value === after[offset + i]);
      expect([name, same]).toEqual([name, name.startsWith('body')]);
    }
  });

  test('names parameters that the loss does not depend on', async () => {
    const idle: TrainingStepOptions['loss'] = (parameters, { x }) => ({
      loss: tf.mean(mlp(parameters, 'body', x!, { activation: 'relu', layerNorm: true })),
      metrics: {},
    });
    await expect(trainer({ loss: idle })).rejects.toThrow('does not depend on head.weight, head.bias');
  });

  test('refuses losses and metrics that are no scalars, taken names and nothing to train', async () => {
    await expect(trainer({ loss: (parameters) => ({ loss: parameters['head.bias']!, metrics: {} }) })).rejects.toThrow(
      'loss has shape [2], not []',
    );
    await expect(
      trainer({ loss: (...args) => ({ ...options.loss(...args), metrics: { x: args[1].x! } }) }),
    ).rejects.toThrow("metric 'x' has shape [8,3], not []");
    await expect(
      trainer({ loss: (...args) => ({ ...options.loss(...args), metrics: { loss: tf.scalar(1) } }) }),
    ).rejects.toThrow("'loss' is given anyway");
    await expect(trainer({ inputs: { 'state.m': { shape: [1] } } })).rejects.toThrow("'state.m' takes a name reserved");
    await expect(trainer({ trainable: () => false })).rejects.toThrow('no trainable parameter');
  });
});

test('hundreds of steps leave no tensor behind and the memory flat', async () => {
  // Wide, so that a leaked vector of the state is 200 kB: 80 MB in four hundred steps.
  const wide = layoutOf({ ...linearSpecs('in', 3, 10_000), ...linearSpecs('out', 10_000, 1) });
  const trained = await trainer({
    layout: wide,
    loss: (parameters, { x }) => ({
      loss: tf.mean(tf.square(linear(parameters, 'out', tf.relu(linear(parameters, 'in', x!))))),
      metrics: {},
    }),
    inputs: { x: { shape: [rows, 3] } },
  });
  const run = async (steps: number) => {
    const { x } = batchAt(0);
    for (let i = 0; i < steps; i++) await trained.step({ x: x! }, 1e-3);
  };
  await run(200);
  const tensors = tf.memory().numTensors;
  const resident = process.memoryUsage.rss();
  await run(400);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(process.memoryUsage.rss() - resident).toBeLessThan(50e6);
});

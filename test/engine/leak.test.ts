import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import { loadEagerBackend } from '../../src/engine/eager-backends.ts';
import { kaimingUniform } from '../../src/engine/initialisers.ts';
import { conv, convSpecs } from '../../src/engine/nn/conv.ts';
import { mlp, mlpSpecs } from '../../src/engine/nn/mlp.ts';
import { adamW } from '../../src/engine/optimiser.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import type { Program } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { createTrainer } from '../../src/engine/trainer.ts';
import { createTrainingStep } from '../../src/engine/training-step.ts';
import { residentMegabytes } from '../support/memory.ts';

beforeAll(async () => {
  // Counting tensors needs a backend.
  await loadEagerBackend('cpu');
  await tf.setBackend('cpu');
});

function normals(name: string, size: number): Float32Array {
  const rng = createRng(0, name);
  return Float32Array.from({ length: size }, () => rng.normal());
}

test('a thousand training steps leave no tensor behind and take no more memory', async () => {
  const layout = layoutOf({
    ...convSpecs('conv', 3, 8, { kernel: 4 }),
    ...mlpSpecs('head', [8 * 16, 64, 4], { layerNorm: true }),
  });
  const step = createTrainingStep({
    name: 'leak',
    layout,
    inputs: { images: { shape: [16, 16, 16, 3] }, targets: { shape: [16, 4] } },
    optimiser: adamW(),
    clipNorm: 1,
    teacherDecay: 0.99,
    loss(parameters, { images, targets }) {
      const features = tf.relu(conv(parameters, 'conv', images!, { stride: 4 }));
      const predicted = mlp(parameters, 'head', tf.reshape(features, [16, 8 * 16]), {
        activation: 'silu',
        layerNorm: true,
      });
      return { loss: tf.mean(tf.squaredDifference(predicted, targets!)), metrics: { largest: tf.max(predicted) } };
    },
  });
  const tensorsBefore = tf.memory().numTensors;
  const trainer = await createTrainer({ step, parameters: initialise(layout, createRng(0)) });
  const batch = { images: normals('images', 16 * 16 * 16 * 3), targets: normals('targets', 16 * 4) };

  const first = await trainer.step(batch, 1e-3);
  for (let i = 0; i < 200; i++) await trainer.step(batch, 1e-3);
  expect(tf.memory().numTensors).toBe(tensorsBefore);
  const before = residentMegabytes();
  for (let i = 0; i < 1000; i++) await trainer.step(batch, 1e-3);
  expect(residentMegabytes() - before).toBeLessThan(20);
  expect(tf.memory().numTensors).toBe(tensorsBefore);

  // It was real work: sixteen pictures are learned by heart.
  const last = await trainer.step(batch, 1e-3);
  expect(last.loss!).toBeLessThan(0.1 * first.loss!);
  await trainer.dispose();
});

/** Results of 0.6 MB, from weights of 0.6 MB, held twice while packed: a leak of either shows within fifty runs. */
const side = 384;
const large: Program = {
  name: 'large',
  inputs: { x: { shape: [side, side] } },
  run: ({ x }) => ({ y: tf.matMul(x!, tf.tensor(weights, [side, side])) }),
};
const weights = Float32Array.from(kaimingUniform(side)([side, side], createRng(1)));

test('results that nobody keeps are freed', async () => {
  const executable = await compile(large);
  const feeds = { x: normals('x', side * side) };
  for (let i = 0; i < 20; i++) await executable.run(feeds);
  const before = residentMegabytes();
  for (let i = 0; i < 200; i++) await executable.run(feeds);
  expect(residentMegabytes() - before).toBeLessThan(20);
  await executable.dispose();
});

test('compiled programs give their memory back', async () => {
  const cycle = async () => {
    const executable = await compile(large);
    await executable.run({ x: weights });
    await executable.dispose();
  };
  for (let i = 0; i < 5; i++) await cycle();
  const tensorsBefore = tf.memory().numTensors;
  const before = residentMegabytes();
  for (let i = 0; i < 50; i++) await cycle();
  expect(residentMegabytes() - before).toBeLessThan(20);
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

test('eager runs leave no tensor behind', async () => {
  const program: Program = {
    name: 'eager',
    inputs: { x: { shape: [3, 4] } },
    run: ({ x }) => ({ y: tf.softmax(tf.tanh(x!)), dx: tf.grad((v) => tf.sum(tf.exp(v)))(x!) }),
  };
  const feeds = { x: normals('x', 12) };
  await runEager(program, feeds);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 20; i++) await runEager(program, feeds);
  expect(tf.memory().numTensors).toBe(before);
});

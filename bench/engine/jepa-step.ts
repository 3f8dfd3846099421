/**
 * The training step that the engine is measured by: a joint-embedding predictive architecture on 32 windows of
 * 4 frames of 64x64. A vision transformer of two blocks encodes each frame into one latent, a causal transformer of
 * three blocks predicts the next latent from latents and actions, and SIGReg keeps the latents Gaussian.
 */
import { normal, zeros } from '../../src/engine/initialisers.ts';
import { inChunks } from '../../src/engine/nn/in-chunks.ts';
import { layerNorm, layerNormSpecs } from '../../src/engine/nn/layer-norm.ts';
import { linear, linearSpecs } from '../../src/engine/nn/linear.ts';
import { mlp, mlpSpecs } from '../../src/engine/nn/mlp.ts';
import { transformerBlock, transformerBlockSpecs } from '../../src/engine/nn/transformer-block.ts';
import { adamW } from '../../src/engine/optimiser.ts';
import { layoutOf, type ParameterSpecs, parameter } from '../../src/engine/parameters.ts';
import type { TensorSpec, Tensors } from '../../src/engine/program.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { createTrainingStep, type TrainingStep } from '../../src/engine/training-step.ts';
import { slicedEppsPulley } from '../../src/world-model/objectives/sigreg.ts';

const windows = 32;
const frames = 4;
const side = 64;
const patch = 8;
const patches = (side / patch) ** 2;
const size = 128;
const heads = 4;
const encoderBlocks = 2;
const predictorBlocks = 3;
/** Directions that SIGReg projects on: LeJEPA's. */
const slices = 256;
const sigRegWeight = 0.05;
/** Frames encoded at a time: hidden activations of 16 x 64 x 512 numbers, 2 MB. */
const framesPerChunk = 16;

const specs: ParameterSpecs = {
  ...linearSpecs('encoder.patches', patch * patch * 3, size),
  'encoder.positions': { shape: [patches, size], init: normal(0.02) },
  ...blockSpecs('encoder', encoderBlocks),
  ...layerNormSpecs('encoder.norm', size),
  ...mlpSpecs('encoder.projector', [size, 2 * size, size]),
  ...mlpSpecs('predictor.action', [2, size, size]),
  'predictor.positions': { shape: [frames, size], init: zeros },
  ...blockSpecs('predictor', predictorBlocks),
  ...layerNormSpecs('predictor.norm', size),
  ...mlpSpecs('predictor.out', [size, size, size]),
};

const inputs = {
  /** Around 0. */
  frames: { shape: [windows, frames, side, side, 3] },
  actions: { shape: [windows, frames, 2] },
  /** In columns; scaled to unit length in the step. */
  directions: { shape: [size, slices] },
} satisfies Record<string, TensorSpec>;

export function jepaStep(): TrainingStep {
  return createTrainingStep({
    name: 'jepa',
    layout: layoutOf(specs),
    inputs,
    loss(parameters, batch) {
      const latents = encode(parameters, batch.frames!);
      const predicted = predict(parameters, latents, batch.actions!);
      const compared = [windows, frames - 1, size];
      const prediction = tf.mean(
        tf.squaredDifference(tf.slice(predicted, [0, 0, 0], compared), tf.slice(latents, [0, 1, 0], compared)),
      );
      const sigReg = slicedEppsPulley(tf.reshape(latents, [windows * frames, size]), batch.directions!);
      return { loss: tf.add(prediction, tf.mul(sigReg, sigRegWeight)), metrics: { prediction, sigReg } };
    },
    optimiser: adamW(),
    clipNorm: 1,
  });
}

function blockSpecs(prefix: string, count: number): ParameterSpecs {
  const blocks = Array.from({ length: count }, (_, i) => transformerBlockSpecs(`${prefix}.block${i}`, size));
  return Object.assign({}, ...blocks);
}

/** [32, 4, 64, 64, 3] -> [32, 4, 128] */
function encode(parameters: Tensors, pictures: Tensor): Tensor {
  const rows = windows * frames;
  const flat = tf.reshape(pictures, [rows, side, side, 3]);
  const latents = inChunks(flat, rows / framesPerChunk, (part) => encodeFrames(parameters, part));
  return tf.reshape(latents, [windows, frames, size]);
}

/** [R, 64, 64, 3] -> [R, 128] */
function encodeFrames(parameters: Tensors, pictures: Tensor): Tensor {
  const rows = pictures.shape[0]!;
  const across = side / patch;
  const tiles = tf.transpose(tf.reshape(pictures, [rows, across, patch, across, patch * 3]), [0, 1, 3, 2, 4]);
  const pixels = tf.reshape(tiles, [rows, patches, patch * patch * 3]);
  let tokens = tf.add(linear(parameters, 'encoder.patches', pixels), parameter(parameters, 'encoder.positions'));
  for (let i = 0; i < encoderBlocks; i++)
    tokens = transformerBlock(parameters, `encoder.block${i}`, tokens, { heads, activation: 'silu' });
  const pooled = tf.mean(layerNorm(parameters, 'encoder.norm', tokens), 1);
  return mlp(parameters, 'encoder.projector', pooled, { activation: 'silu' });
}

/** [32, 4, 128] and [32, 4, 2] -> [32, 4, 128]: at each frame, the latent of the next. */
function predict(parameters: Tensors, latents: Tensor, actions: Tensor): Tensor {
  const acted = tf.add(latents, mlp(parameters, 'predictor.action', actions, { activation: 'silu' }));
  let tokens = tf.add(acted, parameter(parameters, 'predictor.positions'));
  for (let i = 0; i < predictorBlocks; i++)
    tokens = transformerBlock(parameters, `predictor.block${i}`, tokens, { heads, causal: true, activation: 'silu' });
  return mlp(parameters, 'predictor.out', layerNorm(parameters, 'predictor.norm', tokens), { activation: 'silu' });
}

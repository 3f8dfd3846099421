import type { Rng } from '../../../src/core/rng.ts';
import { activation, activationNames } from '../../../src/engine/nn/activation.ts';
import { attention, attentionSpecs } from '../../../src/engine/nn/attention.ts';
import { bilinearCrop } from '../../../src/engine/nn/bilinear-crop.ts';
import { conv, convSpecs } from '../../../src/engine/nn/conv.ts';
import { gruCell, gruCellSpecs } from '../../../src/engine/nn/gru-cell.ts';
import { inChunks } from '../../../src/engine/nn/in-chunks.ts';
import { layerNorm, layerNormSpecs } from '../../../src/engine/nn/layer-norm.ts';
import { linear, linearSpecs } from '../../../src/engine/nn/linear.ts';
import { messageSum, messageSumSpecs } from '../../../src/engine/nn/message-sum.ts';
import { mlp, mlpSpecs } from '../../../src/engine/nn/mlp.ts';
import { normalise } from '../../../src/engine/nn/normalise.ts';
import { spatialSoftmax, spatialSoftmaxSpecs } from '../../../src/engine/nn/spatial-softmax.ts';
import { transformerBlock, transformerBlockSpecs } from '../../../src/engine/nn/transformer-block.ts';
import { tf } from '../../../src/engine/tf.ts';
import { operand } from '../../support/kernel-cases/kernel-case.ts';
import { checkLayer, type LayerCase, smooth } from '../../support/layer-case.ts';

/** Away from whole pixels, where the hat functions of neighbouring pixels meet in a kink. */
const betweenPixels = (rng: Rng) => rng.integer(5) + rng.between(0.1, 0.4);

const cases: Record<string, LayerCase> = {
  linear: {
    specs: linearSpecs('l', 4, 3),
    inputs: (rng) => [smooth([2, 3, 4], rng)],
    run: (parameters, x) => linear(parameters, 'l', x),
  },
  normalise: { specs: {}, inputs: (rng) => [smooth([3, 2, 5], rng)], run: (_, x) => normalise(x) },
  'layer norm': {
    specs: layerNormSpecs('n', 5),
    inputs: (rng) => [smooth([3, 5], rng)],
    run: (parameters, x) => layerNorm(parameters, 'n', x),
  },
  'mlp with layer norm': {
    specs: mlpSpecs('m', [3, 6, 5, 2], { layerNorm: true }),
    inputs: (rng) => [smooth([2, 2, 3], rng)],
    run: (parameters, x) => mlp(parameters, 'm', x, { activation: 'silu', layerNorm: true }),
  },
  'conv with stride and padding': {
    specs: convSpecs('c', 2, 3, { kernel: 4 }),
    inputs: (rng) => [smooth([2, 6, 6, 2], rng)],
    run: (parameters, x) => conv(parameters, 'c', x, { stride: 2, pad: 1 }),
  },
  'spatial softmax': {
    specs: spatialSoftmaxSpecs('s'),
    inputs: (rng) => [smooth([2, 3, 4, 2], rng), smooth([2, 3, 4, 2], rng)],
    run: (parameters, heat, values) => spatialSoftmax(parameters, 's', heat, values),
  },
  'gru cell': {
    specs: gruCellSpecs('g', 3, 4),
    inputs: (rng) => [smooth([2, 3], rng), smooth([2, 4], rng)],
    run: (parameters, x, state) => gruCell(parameters, 'g', x, state!),
  },
  'causal attention': {
    specs: attentionSpecs('a', 4),
    inputs: (rng) => [smooth([2, 3, 4], rng)],
    run: (parameters, x) => attention(parameters, 'a', x, { heads: 2, causal: true }),
  },
  'transformer block': {
    specs: transformerBlockSpecs('t', 4, { hidden: 6 }),
    inputs: (rng) => [smooth([2, 3, 4], rng)],
    run: (parameters, x) => transformerBlock(parameters, 't', x, { heads: 2 }),
  },
  'conditioned transformer block': {
    specs: transformerBlockSpecs('t', 4, { hidden: 6, conditioning: 3 }),
    inputs: (rng) => [smooth([2, 3, 4], rng), smooth([2, 3], rng)],
    run: (parameters, x, conditioning) => transformerBlock(parameters, 't', x, { heads: 2, conditioning }),
  },
  'bilinear crop': {
    specs: {},
    inputs: (rng) => [smooth([2, 5, 6, 2], rng), operand([2, 3, 2], rng, betweenPixels)],
    run: (_, images, centres) => bilinearCrop(images!, centres!, { size: 3 }),
  },
  'message sum': {
    specs: messageSumSpecs('m', 3, 4),
    inputs: (rng) => [smooth([2, 3, 3], rng), smooth([2, 3], rng)],
    run: (parameters, slots, presence) => messageSum(parameters, 'm', slots, presence!),
  },
  chunks: {
    specs: linearSpecs('l', 3, 2),
    inputs: (rng) => [smooth([6, 3], rng)],
    run: (parameters, x) => inChunks(x, 3, (part) => tf.tanh(linear(parameters, 'l', part))),
  },
  ...Object.fromEntries(
    // ReLU has a kink at 0; the others are smooth.
    activationNames.map((name): [string, LayerCase] => [
      name,
      {
        specs: {},
        inputs: (rng) => [operand([4, 5], rng, (r) => (r.chance(0.5) ? 1 : -1) * (0.05 + Math.abs(2 * r.normal())))],
        run: (_, x) => activation(name, x!),
      },
    ]),
  ),
};

test.each(Object.keys(cases))('%s: compiled equals eager, and the gradient is the slope', async (name) => {
  await checkLayer(cases[name]!);
});

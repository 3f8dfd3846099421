import fc from 'fast-check';
import type { Rng } from '../../../src/core/rng.ts';
import { mlp } from '../../../src/engine/nn/mlp.ts';
import { normalise } from '../../../src/engine/nn/normalise.ts';
import { type Tensor, type Tensor4D, tf } from '../../../src/engine/tf.ts';
import { between, type KernelCase, kernelCase, operand, shape } from '../kernel-cases/kernel-case.ts';

const smooth = (rng: Rng): number => rng.normal();
const gentle = (rng: Rng): number => 0.5 * rng.normal();

const rows = fc.integer({ min: 1, max: 4 });
const width = fc.integer({ min: 2, max: 6 });

/** What world models are made of, written with plain operations: chains of kernels, broadcasts and reshapes. */
export const compositionCases: readonly KernelCase[] = [
  kernelCase('layer normalisation', shape(1, 4, 5), (dims, rng) => ({
    operands: [operand([...dims, 6], rng, smooth), operand([6], rng, smooth), operand([6], rng, smooth)],
    run: ([x, scale, shift]) => {
      const { mean, variance } = tf.moments(x!, -1, true);
      const normal = tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-3)));
      return tf.add(tf.mul(normal, scale!), shift!);
    },
  })),

  // Gradients written out by hand, and the normalisation fused into one operator when compiled.
  kernelCase(
    'shipped normalised perceptron',
    fc.tuple(rows, fc.constantFrom('silu', 'gelu')),
    ([batch, name], rng) => ({
      operands: [
        operand([batch, 2, 8], rng, smooth),
        operand([8, 6], rng, gentle),
        operand([6], rng, gentle),
        operand([6], rng, between(0.5, 1.5)),
        operand([6], rng, gentle),
        operand([6, 4], rng, gentle),
      ],
      run: ([x, weight, bias, scale, shift, out]) => {
        const parameters = {
          'mlp.0.weight': weight!,
          'mlp.0.bias': bias!,
          'mlp.0.norm.scale': scale!,
          'mlp.0.norm.shift': shift!,
          'mlp.1.weight': out!,
        };
        return mlp(parameters, 'mlp', normalise(x!), { activation: name as 'silu', layerNorm: true });
      },
    }),
  ),

  kernelCase('gated recurrent unit, four steps', fc.tuple(rows, width), ([batch, size], rng) => ({
    operands: [
      operand([batch, 4, 3], rng, smooth),
      operand([3 + size, 2 * size], rng, gentle),
      operand([3 + size, size], rng, gentle),
      operand([3 * size], rng, gentle),
    ],
    run: ([inputs, gates, candidate, bias]) => {
      let state: Tensor = tf.zeros([batch, size]);
      for (const input of tf.unstack(inputs!, 1)) {
        const both = tf.concat([input, state], 1);
        const [gateBias, candidateBias] = tf.split(bias!, [2 * size, size]) as [Tensor, Tensor];
        const [update, reset] = tf.split(tf.sigmoid(tf.add(tf.matMul(both, gates!), gateBias)), 2, 1) as [
          Tensor,
          Tensor,
        ];
        const proposal = tf.concat([input, tf.mul(reset, state)], 1);
        const next = tf.tanh(tf.add(tf.matMul(proposal, candidate!), candidateBias));
        state = tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), next));
      }
      return state;
    },
  })),

  kernelCase(
    'spatial softmax of a convolution',
    fc.tuple(rows, fc.integer({ min: 4, max: 7 })),
    ([batch, side], rng) => ({
      operands: [
        operand([batch, side, side, 2], rng, smooth),
        operand([3, 3, 2, 3], rng, gentle),
        operand([], rng, between(0.5, 2)),
      ],
      run: ([x, filter, temperature]) => {
        const heat = tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same');
        const flat = tf.reshape(tf.transpose(heat, [0, 3, 1, 2]), [batch, 3, side * side]);
        const attention = tf.softmax(tf.mul(flat, temperature!));
        const grid = tf.linspace(-1, 1, side);
        const across = tf.reshape(tf.tile(tf.expandDims(grid, 0), [side, 1]), [side * side, 1]);
        const down = tf.reshape(tf.tile(tf.expandDims(grid, 1), [1, side]), [side * side, 1]);
        const places = tf.concat([across, down], 1);
        return tf.matMul(tf.reshape(attention, [batch * 3, side * side]), places);
      },
    }),
  ),

  kernelCase('bilinear crop, W_y I W_x^T', fc.tuple(rows, fc.integer({ min: 2, max: 4 })), ([batch, size], rng) => ({
    operands: [
      operand([batch, 8, 8], rng, smooth),
      // Never within a step of a pixel's centre, where the hat function has its kinks.
      operand([batch, 2], rng, (r) => 2 + r.integer(4) + r.between(0.1, 0.4)),
    ],
    run: ([image, centre]) => {
      const hats = (axis: number): Tensor => {
        const pixels = tf.reshape(tf.range(0, 8), [1, 1, 8]);
        const offsets = tf.reshape(tf.range(0, size), [1, size, 1]);
        const at = tf.reshape(tf.slice(centre!, [0, axis], [batch, 1]), [batch, 1, 1]);
        return tf.relu(tf.sub(1, tf.abs(tf.sub(tf.sub(pixels, at), offsets))));
      };
      return tf.matMul(tf.matMul(hats(1), image!), hats(0), false, true);
    },
  })),

  kernelCase('message sum over slots', fc.tuple(rows, fc.integer({ min: 2, max: 4 })), ([batch, slots], rng) => ({
    operands: [
      operand([batch, slots, 3], rng, smooth),
      operand([3, 5], rng, gentle),
      operand([3, 5], rng, gentle),
      operand([5, 4], rng, gentle),
    ],
    run: ([states, receiver, sender, out]) => {
      const flat = tf.reshape(states!, [batch * slots, 3]);
      const to = tf.reshape(tf.matMul(flat, receiver!), [batch, slots, 1, 5]);
      const from = tf.reshape(tf.matMul(flat, sender!), [batch, 1, slots, 5]);
      const pairs = tf.add(to, from);
      const hidden = tf.mul(pairs, tf.sigmoid(pairs));
      const messages = tf.reshape(tf.matMul(tf.reshape(hidden, [-1, 5]), out!), [batch, slots, slots, 4]);
      const others = tf.sub(1, tf.reshape(tf.eye(slots), [1, slots, slots, 1]));
      return tf.sum(tf.mul(messages, others), 2);
    },
  })),

  kernelCase('self-attention', fc.tuple(rows, width), ([batch, tokens], rng) => ({
    operands: [operand([batch, tokens, 4], rng, smooth), operand([4, 12], rng, gentle)],
    run: ([x, weights]) => {
      const projected = tf.reshape(tf.matMul(tf.reshape(x!, [-1, 4]), weights!), [batch, tokens, 12]);
      const [query, key, value] = tf.split(projected, 3, 2) as [Tensor, Tensor, Tensor];
      return tf.matMul(tf.softmax(tf.mul(tf.matMul(query, key, false, true), 0.5)), value);
    },
  })),

  kernelCase(
    'variance and covariance penalties',
    fc.tuple(fc.integer({ min: 3, max: 6 }), width),
    ([batch, size], rng) => ({
      operands: [operand([batch, size], rng, smooth)],
      run: ([z]) => {
        const centred = tf.sub(z!, tf.mean(z!, 0, true));
        const covariance = tf.div(tf.matMul(centred, centred, true, false), batch - 1);
        const offDiagonal = tf.mul(covariance, tf.sub(1, tf.eye(size)));
        // Softplus in place of the hinge, whose kink the differences would meet.
        const spread = tf.softplus(tf.sub(1, tf.sqrt(tf.add(tf.mean(tf.square(centred), 0), 1e-2))));
        return [tf.mean(tf.square(offDiagonal)), tf.mean(spread)];
      },
    }),
  ),

  kernelCase('fused dense layer', fc.tuple(rows, width), ([batch, size], rng) => ({
    operands: [operand([batch, size], rng, smooth), operand([3, size], rng, gentle), operand([3], rng, gentle)],
    run: ([x, weights, bias]) => tf.fused.matMul({ a: x!, b: weights!, transposeB: true, bias: bias! }),
  })),

  kernelCase('fused convolution', rows, (batch, rng) => ({
    operands: [operand([batch, 5, 6, 2], rng, smooth), operand([3, 2, 2, 3], rng, gentle), operand([3], rng, gentle)],
    run: ([x, filter, bias]) =>
      tf.fused.conv2d({ x: x as Tensor4D, filter: filter as Tensor4D, strides: [2, 1], pad: 'same', bias: bias! }),
  })),

  kernelCase('strided convolutions to a vector', rows, (batch, rng) => ({
    operands: [
      operand([batch, 8, 8, 2], rng, smooth),
      operand([4, 4, 2, 3], rng, gentle),
      operand([3], rng, gentle),
      operand([12, 5], rng, gentle),
    ],
    run: ([x, filter, bias, weights]) => {
      const features = tf.tanh(tf.add(tf.conv2d(x as Tensor4D, filter as Tensor4D, 4, 'valid'), bias!));
      return tf.matMul(tf.reshape(features, [batch, 12]), weights!);
    },
  })),
];

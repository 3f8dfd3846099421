import * as tf from '@tensorflow/tfjs-core';
import { type KernelGradient, unbroadcast } from './define.ts';

/** Passes dy to whichever input was chosen. */
function choice(kernel: string, choosesA: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelGradient {
  return {
    kernel,
    keep: ['a', 'b'],
    backward: (dy, { a, b }) => ({
      a: () => unbroadcast(tf.where(choosesA(a!, b!), dy, tf.zerosLike(dy)), a!.shape),
      b: () => unbroadcast(tf.where(choosesA(a!, b!), tf.zerosLike(dy), dy), b!.shape),
    }),
  };
}

/** Gradients of element-wise functions of two tensors, broadcasting as in NumPy. */
export const binaryGradients: readonly KernelGradient[] = [
  {
    kernel: 'Add',
    keep: ['a', 'b'],
    backward: (dy, { a, b }) => ({
      a: () => unbroadcast(dy, a!.shape),
      b: () => unbroadcast(dy, b!.shape),
    }),
  },
  {
    kernel: 'Sub',
    keep: ['a', 'b'],
    backward: (dy, { a, b }) => ({
      a: () => unbroadcast(dy, a!.shape),
      // Sum first, then negate the smaller one.
      b: () => tf.neg(unbroadcast(dy, b!.shape)),
    }),
  },
  {
    kernel: 'Multiply',
    keep: ['a', 'b'],
    backward: (dy, { a, b }) => ({
      a: () => unbroadcast(tf.mul(dy, b!), a!.shape),
      b: () => unbroadcast(tf.mul(dy, a!), b!.shape),
    }),
  },
  {
    kernel: 'RealDiv',
    keep: ['a', 'b', 'y'],
    backward: (dy, { a, b, y }) => ({
      a: () => unbroadcast(tf.div(dy, b!), a!.shape),
      b: () => tf.neg(unbroadcast(tf.div(tf.mul(dy, y!), b!), b!.shape)),
    }),
  },
  {
    kernel: 'SquaredDifference',
    keep: ['a', 'b'],
    backward: (dy, { a, b }) => {
      const slope = () => tf.mul(dy, tf.mul(tf.sub(a!, b!), 2));
      return {
        a: () => unbroadcast(slope(), a!.shape),
        b: () => tf.neg(unbroadcast(slope(), b!.shape)),
      };
    },
  },
  {
    kernel: 'Pow',
    keep: ['a', 'b', 'y'],
    backward: (dy, { a, b, y }) => ({
      a: () => unbroadcast(tf.mul(dy, tf.mul(b!, tf.pow(a!, tf.sub(b!, 1)))), a!.shape),
      b: () => {
        // d a^b / db = a^b ln a, taken as 0 where a <= 0.
        const positive = tf.greater(a!, 0);
        const logarithm = tf.log(tf.where(positive, a!, tf.onesLike(a!)));
        return unbroadcast(tf.mul(dy, tf.mul(y!, logarithm)), b!.shape);
      },
    }),
  },
  {
    kernel: 'Atan2',
    keep: ['a', 'b'],
    backward: (dy, { a, b }) => {
      const scaled = () => tf.div(dy, tf.add(tf.square(a!), tf.square(b!)));
      return {
        a: () => unbroadcast(tf.mul(scaled(), b!), a!.shape),
        b: () => tf.neg(unbroadcast(tf.mul(scaled(), a!), b!.shape)),
      };
    },
  },
  // Where the two are equal, all of it goes to the first.
  choice('Maximum', (a, b) => tf.greaterEqual(a, b)),
  choice('Minimum', (a, b) => tf.lessEqual(a, b)),
  {
    kernel: 'Select',
    keep: ['condition'],
    backward: (dy, { condition }) => ({
      t: () => tf.where(condition!, dy, tf.zerosLike(dy)),
      e: () => tf.where(condition!, tf.zerosLike(dy), dy),
    }),
  },
];

import { type Tensor, tf } from '../../engine/tf.ts';

/** The `index`-th of axis 1, without that axis: [B, T, ...] -> [B, ...]. */
export function window(x: Tensor, index: number): Tensor {
  const [batch, , ...rest] = x.shape as [number, number, ...number[]];
  return tf.reshape(tf.slice(x, [0, index, ...rest.map(() => 0)], [batch, 1, ...rest]), [batch, ...rest]);
}

/** The action of one step: [B, K, A] -> [B, A]. */
export function step(actions: Tensor, index: number): Tensor {
  return window(actions, index);
}

export function sum(terms: readonly Tensor[]): Tensor {
  return terms.reduce((total, term) => tf.add(total, term));
}

export function mean(terms: readonly Tensor[]): Tensor {
  return tf.div(sum(terms), terms.length);
}

import { type Tensor, tf } from '../../engine/tf.ts';
import { momentSize } from '../config.ts';

/**
 * How a shape lies, as complex central moments c_pq = mean((x + iy)^p (x - iy)^q) over what it covers (Flusser, Zitova
 * and Suk, 2009): turned by an angle a, c_pq becomes c_pq e^(i (p - q) a), and moving changes nothing: see `turn`. c_20, c_21 and
 * c_30 together tell the heading of any shape that shows one: c_20 that of a box, but for half turns, the others that
 * of a T or an L. A disc has none.
 */

/** Numbers of `rawMoments`: x^2, xy, y^2, x^3, x^2 y, x y^2, y^3. */
export const rawMomentCount = 7;

/** Second and third central moments of centred crops, scaled to order one: [rows, side^2] -> [rows, 7]. */
export function rawMoments(crops: Tensor, side: number): Tensor {
  const basis = new Float32Array(side * side * rawMomentCount);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const x = (j - (side - 1) / 2) / (side / 2);
      const y = (i - (side - 1) / 2) / (side / 2);
      basis.set([x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y], (i * side + j) * rawMomentCount);
    }
  }
  const mass = tf.maximum(tf.sum(crops, 1, true), 1e-3);
  const raw = tf.div(tf.matMul(crops, tf.tensor2d(basis, [side * side, rawMomentCount])), mass);
  return tf.mul(raw, tf.tensor1d([second, second, second, third, third, third, third]));
}

const [second, third] = [8, 24];

/** [rows, 7] raw -> [rows, 6] complex moments, of order one for the table's shapes. */
export function complexMoments(raw: Tensor): Tensor {
  return tf.matMul(raw, tf.tensor2d(fromRaw.flat(), [rawMomentCount, momentSize]));
}

const [a, b, c] = [16 / second, 80 / third, 20 / third];

/** A column for each complex moment's part: c_20 = m20 - m02 + 2i m11, and so on. */
const fromRaw: readonly (readonly number[])[] = [
  //           Re c20, Re c21, Re c30, Im c20, Im c21, Im c30
  /* x^2   */ [a, 0, 0, 0, 0, 0],
  /* xy    */ [0, 0, 0, 2 * a, 0, 0],
  /* y^2   */ [-a, 0, 0, 0, 0, 0],
  /* x^3   */ [0, b, c, 0, 0, 0],
  /* x^2 y */ [0, 0, 0, 0, b, 3 * c],
  /* x y^2 */ [0, b, -3 * c, 0, 0, 0],
  /* y^3   */ [0, 0, 0, 0, b, -c],
];

import { type Tensor, tf } from '../engine/tf.ts';
import { momentSize, placeSize } from './config.ts';

/**
 * Turning what is told of things, all of a row at once: its numbers are real and imaginary parts, and turned by an
 * angle a, each complex number z becomes z e^(i k a) = z cos(k a) + i z sin(k a).
 *
 * A search rolls thousands of small rows, where each operator costs more than its arithmetic: so parts are picked by
 * products with constant matrices of 0, 1 and -1, which are exact, and not one by one.
 */

/** A complex number among the numbers of a row: where its parts are, and the k of its turning. */
interface Part {
  readonly re: number;
  readonly im: number;
  readonly order: 1 | 2 | 3;
}

/** What a row holds, in its order: a `point` is the x and y of one or of a direction, `moments` those of one shape. */
export type Turned = readonly ('point' | 'moments')[];

const widths = { point: placeSize, moments: momentSize } as const;

function partsOf(row: Turned): Part[] {
  let at = 0;
  return row.flatMap((kind) => {
    const start = at;
    at += widths[kind];
    if (kind === 'point') return [{ re: start, im: start + 1, order: 1 }];
    // c_20, c_21, c_30 turn by p - q times the angle.
    return ([2, 1, 3] as const).map((order, i) => ({ re: start + i, im: start + 3 + i, order }));
  });
}

/** Rows [R, W] turned by the angles whose cosines and sines these are, [R, 2]. */
export function turn(rows: Tensor, direction: Tensor, row: Turned): Tensor {
  return turnBy(rows, multiplesFor(row, direction), partsOf(row), 1);
}

/** The same turned back. */
export function turnBack(rows: Tensor, direction: Tensor, row: Turned): Tensor {
  return turnBy(rows, multiplesFor(row, direction), partsOf(row), -1);
}

/** cos a, sin a [R, 2] -> where there are moments to turn, those of a, 2a and 3a, [R, 6]. */
function multiplesFor(row: Turned, direction: Tensor): Tensor {
  if (!row.includes('moments')) return direction;
  const byDirection = (z: Tensor): Tensor => turnBy(z, direction, partsOf(['point']), 1);
  const twice = byDirection(direction);
  return tf.concat([direction, twice, byDirection(twice)], 1);
}

function turnBy(rows: Tensor, multiples: Tensor, parts: readonly Part[], sense: 1 | -1): Tensor {
  const [width, count] = [rows.shape[1]!, multiples.shape[1]!];
  const cosines = parts.flatMap(({ re, im, order }): Entry[] => [
    [2 * order - 2, re, 1],
    [2 * order - 2, im, 1],
  ]);
  const sines = parts.flatMap(({ re, im, order }): Entry[] => [
    [2 * order - 1, re, sense],
    [2 * order - 1, im, sense],
  ]);
  const quarterTurn = parts.flatMap(({ re, im }): Entry[] => [
    [im, re, -1],
    [re, im, 1],
  ]);
  const along = tf.mul(rows, pick(multiples, count, width, cosines));
  return tf.add(along, tf.mul(pick(rows, width, width, quarterTurn), pick(multiples, count, width, sines)));
}

/** From which column to which, and with which sign. */
type Entry = readonly [from: number, to: number, sign: 1 | -1];

/** Columns of `rows` [R, from] in other places: [R, to]. */
function pick(rows: Tensor, from: number, to: number, entries: readonly Entry[]): Tensor {
  const matrix = new Float32Array(from * to);
  for (const [source, target, sign] of entries) matrix[source * to + target] = sign;
  return tf.matMul(rows, tf.tensor2d(matrix, [from, to]));
}

/**
 * Laying one set of labelled points over another in the plane, as closely as a rigid motion can: translation,
 * rotation and, where that fits better, a reflection (Kabsch, 1976; Umeyama, 1991). Read as complex numbers, centred
 * points a and b have the best rotation c / |c|, c = sum of conj(a_i) b_i, which leaves |a|^2 + |b|^2 - 2 |c|; with
 * a mirrored first, conj(a_i) becomes a_i.
 */

/** The linear part of a motion of the plane, row by row: [x', y'] = [[a, b], [c, d]] [x, y]. */
export type PlaneMap = readonly [a: number, b: number, c: number, d: number];

export const identityMap: PlaneMap = [1, 0, 0, 1];

export interface Alignment {
  /** Turns displacements among the first points into displacements among the second. */
  readonly map: PlaneMap;
  /** Sum over points of the squared distances that are left. */
  readonly residual: number;
}

/** The points less their centroid. A new array. */
export function centred(points: ArrayLike<number>): Float32Array {
  const count = points.length / 2;
  let x = 0;
  let y = 0;
  for (let i = 0; i < points.length; i += 2) {
    x += points[i]! / count;
    y += points[i + 1]! / count;
  }
  return Float32Array.from(points, (value, i) => value - (i % 2 === 0 ? x : y));
}

/** How points `from` [P, 2] come closest to points `to` [P, 2], both centred. */
export function alignPoints(from: ArrayLike<number>, to: ArrayLike<number>): Alignment {
  const { turnX, turnY, flipX, flipY, squares } = correlate(from, 0, to);
  const turn = Math.hypot(turnX, turnY);
  const flip = Math.hypot(flipX, flipY);
  const mirrored = flip > turn;
  const length = mirrored ? flip : turn;
  const residual = Math.max(0, squares - 2 * length);
  if (length === 0) return { map: identityMap, residual };
  const cosine = (mirrored ? flipX : turnX) / length;
  const sine = (mirrored ? flipY : turnY) / length;
  return { map: mirrored ? [cosine, sine, sine, -cosine] : [cosine, -sine, sine, cosine], residual };
}

/** The residual of `alignPoints` alone, for `from` at an offset of a larger array: what a scan calls for each row. */
export function alignmentResidual(from: ArrayLike<number>, offset: number, to: ArrayLike<number>): number {
  const { turnX, turnY, flipX, flipY, squares } = correlate(from, offset, to);
  return Math.max(0, squares - 2 * Math.sqrt(Math.max(turnX ** 2 + turnY ** 2, flipX ** 2 + flipY ** 2)));
}

/** Every displacement of [T, 2] under the map. A new array. */
export function mapDisplacements([a, b, c, d]: PlaneMap, displacements: Float32Array): Float32Array {
  const mapped = new Float32Array(displacements.length);
  for (let i = 0; i < displacements.length; i += 2) {
    const [x, y] = [displacements[i]!, displacements[i + 1]!];
    mapped[i] = a * x + b * y;
    mapped[i + 1] = c * x + d * y;
  }
  return mapped;
}

function correlate(from: ArrayLike<number>, offset: number, to: ArrayLike<number>) {
  let [turnX, turnY, flipX, flipY, squares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < to.length; i += 2) {
    const ax = from[offset + i]!;
    const ay = from[offset + i + 1]!;
    const bx = to[i]!;
    const by = to[i + 1]!;
    turnX += ax * bx + ay * by;
    turnY += ax * by - ay * bx;
    flipX += ax * bx - ay * by;
    flipY += ax * by + ay * bx;
    squares += ax * ax + ay * ay + bx * bx + by * by;
  }
  return { turnX, turnY, flipX, flipY, squares };
}

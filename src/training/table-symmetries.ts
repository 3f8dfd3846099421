/**
 * The eight ways in which a square table lies on itself: quarter turns, and each of them mirrored. Pushing is the same
 * in all, so that one window of play is worth eight.
 *
 * A point p from the centre goes to M p, and M turns by `quarters` quarter turns what it has mirrored (x to -x) first.
 */
export interface TableSymmetry {
  readonly quarters: number;
  readonly mirrored: boolean;
  /** M, row by row. */
  readonly matrix: readonly [number, number, number, number];
}

export const tableSymmetries: readonly TableSymmetry[] = [false, true].flatMap((mirrored) =>
  [0, 1, 2, 3].map((quarters): TableSymmetry => {
    const [cos, sin] = [[1, 0, -1, 0][quarters]!, [0, 1, 0, -1][quarters]!];
    const x = mirrored ? -1 : 1;
    return { quarters, mirrored, matrix: [cos * x, -sin, sin * x, cos] };
  }),
);

/** Moves points or directions around `centre`, two numbers each, in place. */
export function movePoints(points: Float32Array, { matrix: [a, b, c, d] }: TableSymmetry, centre: number): void {
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]! - centre, points[i + 1]! - centre];
    points[i] = a * x + b * y + centre;
    points[i + 1] = c * x + d * y + centre;
  }
}

/** Moves proprioceptions, a point and a direction each, in place. */
export function moveBodies(bodies: Float32Array, symmetry: TableSymmetry): void {
  for (let i = 0; i < bodies.length; i += 4) {
    movePoints(bodies.subarray(i, i + 2), symmetry, 0.5);
    movePoints(bodies.subarray(i + 2, i + 4), symmetry, 0);
  }
}

/**
 * Moves headings cos a, sin a, cos 2a, sin 2a, in place. In the mirror a becomes -a, for shapes that are symmetric about
 * their own y axis; of others the mirrored heading means nothing.
 */
export function moveHeadings(headings: Float32Array, { quarters, mirrored }: TableSymmetry): void {
  const [cos, sin] = [[1, 0, -1, 0][quarters]!, [0, 1, 0, -1][quarters]!];
  const sense = mirrored ? -1 : 1;
  for (let i = 0; i < headings.length; i += 4) {
    const [x, y] = [headings[i]!, sense * headings[i + 1]!];
    headings[i] = cos * x - sin * y;
    headings[i + 1] = sin * x + cos * y;
    // Twice a quarter turn is half a turn.
    const half = quarters % 2 === 0 ? 1 : -1;
    headings[i + 2]! *= half;
    headings[i + 3]! *= half * sense;
  }
}

/** For each pixel of a moved square picture, the pixel of the picture before that it shows. */
export function pixelSources(side: number, { matrix: [a, b, c, d] }: TableSymmetry): Int32Array {
  const middle = (side - 1) / 2;
  const sources = new Int32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [x, y] = [column - middle, row - middle];
      const [toX, toY] = [a * x + b * y + middle, c * x + d * y + middle];
      sources[Math.round(toY) * side + Math.round(toX)] = row * side + column;
    }
  }
  return sources;
}

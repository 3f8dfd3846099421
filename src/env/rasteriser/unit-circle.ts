/**
 * Vertices (x0, y0, x1, y1, ...) of a regular polygon around the origin whose area is that of the unit circle.
 *
 * Made by bisecting the arcs of a square with square roots, because `Math.sin` and `Math.cos` may differ in
 * the last bit between engines.
 * @param doublings The polygon has 4 x 2^doublings sides.
 */
export function equalAreaCircle(doublings: number): Float64Array {
  let vertices = [1, 0, 0, 1, -1, 0, 0, -1];
  for (let k = 0; k < doublings; k++) {
    const finer: number[] = [];
    for (let i = 0; i < vertices.length; i += 2) {
      const x = vertices[i]!;
      const y = vertices[i + 1]!;
      const mx = x + vertices[(i + 2) % vertices.length]!;
      const my = y + vertices[(i + 3) % vertices.length]!;
      const length = Math.sqrt(mx * mx + my * my);
      finer.push(x, y, mx / length, my / length);
    }
    vertices = finer;
  }
  const sides = vertices.length / 2;
  const inscribedArea = (sides / 2) * (vertices[0]! * vertices[3]! - vertices[2]! * vertices[1]!);
  const scale = Math.sqrt(Math.PI / inscribedArea);
  return Float64Array.from(vertices, (v) => v * scale);
}

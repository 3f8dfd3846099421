/**
 * Exact area coverage of polygons on a pixel grid by signed-area accumulation: each edge leaves, in the cells
 * it crosses, the derivative along x of the area to its right; a running sum over a row then gives the covered
 * share of every pixel (as Levien's font-rs and stb_truetype do). Costs the boundary's length plus the bounding box.
 *
 * Uses + - * / and floor in double precision only, so that every JavaScript engine computes the same bits.
 */
export interface CoverageBuffer {
  /**
   * Adds `sign` times the coverage of a simple polygon, convex or not, of either orientation.
   * @param vertices x0, y0, x1, y1, ... in pixels; the pixel (i, j) spans [j, j + 1] x [i, i + 1].
   * @throws RangeError where a coordinate is not finite.
   */
  add(vertices: ArrayLike<number>, sign?: 1 | -1): void;
  /** Hands out the rows that were touched and empties the buffer. Coverage is in [0, 1]. */
  flush(paintRow: PaintRow): void;
}

/** `coverage[column]` holds for columns `first` to `last` inclusive; the array is reused for the next row. */
export type PaintRow = (row: number, first: number, last: number, coverage: Float64Array) => void;

export function createCoverageBuffer(width: number, height: number): CoverageBuffer {
  // One cell more than pixels: an edge in the last pixel leaves its remainder there.
  const stride = width + 1;
  const cells = new Float64Array(stride * height);
  const coverage = new Float64Array(width);
  let top = height;
  let bottom = 0;
  let left = width;
  let right = 0;

  /** An edge's part within one row, from xa to xb, that climbs by the signed height dy. */
  const addSpan = (base: number, dy: number, xa: number, xb: number): void => {
    const x0 = Math.min(xa, xb);
    const x1 = Math.max(xa, xb);
    if (x0 >= width) return;
    if (x1 <= 0) {
      cells[base]! += dy;
      return;
    }
    if (x0 < 0 || x1 > width) {
      // Left of the picture everything to the right is covered; right of it nothing is.
      const inside0 = Math.max(x0, 0);
      const inside1 = Math.min(x1, width);
      const length = x1 - x0;
      cells[base]! += dy * ((inside0 - x0) / length);
      addSpan(base, dy * ((inside1 - inside0) / length), inside0, inside1);
      return;
    }
    const first = Math.floor(x0);
    const last = Math.floor(x1);
    if (last === first || x1 === first + 1) {
      const toLeft = dy * (0.5 * (x0 + x1) - first);
      cells[base + first]! += dy - toLeft;
      cells[base + first + 1]! += toLeft;
      return;
    }
    // The area to the right of the edge within pixel j, as a running value whose differences go to the cells.
    const perPixel = dy / (x1 - x0);
    const headWidth = first + 1 - x0;
    let previous = 0.5 * perPixel * headWidth * headWidth;
    cells[base + first]! += previous;
    for (let j = first + 1; j < last; j++) {
      const area = perPixel * (j + 0.5 - x0);
      cells[base + j]! += area - previous;
      previous = area;
    }
    const tailWidth = x1 - last;
    const tailLeft = 0.5 * perPixel * tailWidth * tailWidth;
    cells[base + last]! += dy - tailLeft - previous;
    // Where the edge ends on the picture's right border, tailLeft is 0 and the next cell is another row's.
    if (last < width) cells[base + last + 1]! += tailLeft;
  };

  const addEdge = (xa: number, ya: number, xb: number, yb: number, sign: number): void => {
    if (ya === yb) return;
    const down = ya < yb;
    const x0 = down ? xa : xb;
    const y0 = down ? ya : yb;
    const x1 = down ? xb : xa;
    const y1 = down ? yb : ya;
    if (y1 <= 0 || y0 >= height) return;
    const direction = down ? sign : -sign;
    const slope = (x1 - x0) / (y1 - y0);
    const low = Math.min(x0, x1);
    const high = Math.max(x0, x1);
    let y = Math.max(y0, 0);
    let x = y0 < 0 ? clamp(x0 - y0 * slope, low, high) : x0;
    const yEnd = Math.min(y1, height);
    for (let row = Math.floor(y); row < yEnd; row++) {
      const nextY = Math.min(row + 1, yEnd);
      const nextX = nextY === y1 ? x1 : clamp(x0 + (nextY - y0) * slope, low, high);
      addSpan(row * stride, direction * (nextY - y), x, nextX);
      y = nextY;
      x = nextX;
    }
  };

  return {
    add(vertices, sign = 1) {
      const length = vertices.length;
      if (length < 6) return;
      let minX = Number.POSITIVE_INFINITY;
      let maxX = Number.NEGATIVE_INFINITY;
      let minY = Number.POSITIVE_INFINITY;
      let maxY = Number.NEGATIVE_INFINITY;
      let twiceArea = 0;
      let px = vertices[length - 2]!;
      let py = vertices[length - 1]!;
      const originX = px;
      const originY = py;
      for (let i = 0; i < length; i += 2) {
        const x = vertices[i]!;
        const y = vertices[i + 1]!;
        if (x < minX) minX = x;
        if (x > maxX) maxX = x;
        if (y < minY) minY = y;
        if (y > maxY) maxY = y;
        twiceArea += (px - originX) * (y - originY) - (x - originX) * (py - originY);
        px = x;
        py = y;
      }
      if (!(Math.abs(twiceArea) < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`a polygon needs finite coordinates, got [${Array.from(vertices).join(', ')}]`);
      }
      if (minX >= width || maxX <= 0 || minY >= height || maxY <= 0 || twiceArea === 0) return;

      const rowTop = minY < 0 ? 0 : Math.floor(minY);
      const rowBottom = maxY > height ? height : Math.ceil(maxY);
      const columnLeft = minX < 0 ? 0 : Math.floor(minX);
      const columnRight = maxX > width ? width : Math.ceil(maxX);
      if (rowTop < top) top = rowTop;
      if (rowBottom > bottom) bottom = rowBottom;
      if (columnLeft < left) left = columnLeft;
      if (columnRight > right) right = columnRight;

      // A clockwise polygon (y down) climbs on its left side; the sign makes both orientations cover positively.
      const orientation = twiceArea > 0 ? -sign : sign;
      for (let i = 0; i < length; i += 2) {
        const x = vertices[i]!;
        const y = vertices[i + 1]!;
        addEdge(px, py, x, y, orientation);
        px = x;
        py = y;
      }
    },

    flush(paintRow) {
      for (let row = top; row < bottom; row++) {
        const base = row * stride;
        let sum = 0;
        for (let column = left; column < right; column++) {
          sum += cells[base + column]!;
          cells[base + column] = 0;
          coverage[column] = clamp(sum, 0, 1);
        }
        cells[base + right] = 0;
        paintRow(row, left, right - 1, coverage);
      }
      top = height;
      bottom = 0;
      left = width;
      right = 0;
    },
  };
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

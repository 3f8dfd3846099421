import { createCoverageBuffer, type PaintRow } from './coverage.ts';
import { equalAreaCircle } from './unit-circle.ts';

/** sRGB bytes. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Paints anti-aliased shapes into bytes. Coverage is the exact area of the shape within each pixel (for circles
 * within 1/512), shapes composite in the order they are painted, and each shape is rounded once per pixel.
 * Coordinates are pixels, the origin at the top left corner, y down. The same calls give the same bytes in
 * every JavaScript engine.
 */
export interface Rasteriser {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], row-major. The same array throughout: copy it to keep a picture. */
  readonly pixels: Uint8Array;
  clear(colour: Rgb): void;
  /**
   * Fills a simple polygon of either orientation.
   * @param vertices x0, y0, x1, y1, ...
   * @param alpha Opacity in [0, 1]. @defaultValue 1
   * @throws RangeError where a coordinate is not finite.
   */
  fillPolygon(vertices: ArrayLike<number>, colour: Rgb, alpha?: number): void;
  /** Fills the union of polygons that don't overlap, without a seam where they touch. */
  fillPolygons(parts: readonly ArrayLike<number>[], colour: Rgb, alpha?: number): void;
  fillCircle(x: number, y: number, radius: number, colour: Rgb, alpha?: number): void;
  /** A ring of the given line width, centred on the circle. */
  strokeCircle(x: number, y: number, radius: number, lineWidth: number, colour: Rgb, alpha?: number): void;
  /** A straight line with butt ends. */
  strokeLine(x0: number, y0: number, x1: number, y1: number, lineWidth: number, colour: Rgb, alpha?: number): void;
}

export interface RasteriserOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** A share of a pixel this near to 0 or 1 is taken for it: half a level of 255 is 1/510. */
const negligible = 1 / 4096;

export function createRasteriser({ width, height }: RasteriserOptions): Rasteriser {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`a picture needs a whole number of pixels each way, got ${width} x ${height}`);
  }
  const pixels = new Uint8Array(width * height * 3);
  const buffer = createCoverageBuffer(width, height);
  const background = new Uint8Array(pixels.length);
  const quad = new Float64Array(8);
  let red = 0;
  let green = 0;
  let blue = 0;
  let opacity = 1;

  const paintRow: PaintRow = (row, first, last, coverage) => {
    let p = (row * width + first) * 3;
    for (let column = first; column <= last; column++, p += 3) {
      const share = coverage[column]! * opacity;
      if (share < negligible) continue;
      if (share > 1 - negligible) {
        pixels[p] = red;
        pixels[p + 1] = green;
        pixels[p + 2] = blue;
        continue;
      }
      const keep = 1 - share;
      // Truncation of a positive number: the same as floor, and cheaper.
      pixels[p] = (pixels[p]! * keep + red * share + 0.5) | 0;
      pixels[p + 1] = (pixels[p + 1]! * keep + green * share + 0.5) | 0;
      pixels[p + 2] = (pixels[p + 2]! * keep + blue * share + 0.5) | 0;
    }
  };

  const paint = (colour: Rgb, alpha: number): void => {
    red = colour[0];
    green = colour[1];
    blue = colour[2];
    opacity = alpha;
    buffer.flush(paintRow);
  };

  return {
    width,
    height,
    pixels,
    clear([r, g, b]) {
      if (background[0] !== r || background[1] !== g || background[2] !== b) {
        for (let p = 0; p < background.length; p += 3) {
          background[p] = r;
          background[p + 1] = g;
          background[p + 2] = b;
        }
      }
      pixels.set(background);
    },
    fillPolygon(vertices, colour, alpha = 1) {
      buffer.add(vertices);
      paint(colour, alpha);
    },
    fillPolygons(parts, colour, alpha = 1) {
      for (const part of parts) buffer.add(part);
      paint(colour, alpha);
    },
    fillCircle(x, y, radius, colour, alpha = 1) {
      buffer.add(circle(x, y, radius));
      paint(colour, alpha);
    },
    strokeCircle(x, y, radius, lineWidth, colour, alpha = 1) {
      buffer.add(circle(x, y, radius + lineWidth / 2));
      if (radius > lineWidth / 2) buffer.add(circle(x, y, radius - lineWidth / 2), -1);
      paint(colour, alpha);
    },
    strokeLine(x0, y0, x1, y1, lineWidth, colour, alpha = 1) {
      const dx = x1 - x0;
      const dy = y1 - y0;
      const length = Math.sqrt(dx * dx + dy * dy);
      if (length === 0) return;
      const nx = (-dy / length) * (lineWidth / 2);
      const ny = (dx / length) * (lineWidth / 2);
      quad.set([x0 + nx, y0 + ny, x1 + nx, y1 + ny, x1 - nx, y1 - ny, x0 - nx, y0 - ny]);
      buffer.add(quad);
      paint(colour, alpha);
    },
  };
}

interface CircleTable {
  readonly unit: Float64Array;
  readonly scaled: Float64Array;
}

const tables: CircleTable[] = [];

/**
 * A polygon for a circle, valid until the next call: 32 sides up to a radius of 3 px, twice as many each time
 * the radius grows by 2.7. Against strips integrated exactly, no pixel's coverage is off by more than 1/512.
 */
function circle(x: number, y: number, radius: number): Float64Array {
  let doublings = 3;
  for (let limit = 3; limit < radius && doublings < 12; limit *= 2.7) doublings++;
  let table = tables[doublings];
  if (table === undefined) {
    const unit = equalAreaCircle(doublings);
    table = { unit, scaled: new Float64Array(unit.length) };
    tables[doublings] = table;
  }
  const { unit, scaled } = table;
  for (let i = 0; i < unit.length; i += 2) {
    scaled[i] = x + unit[i]! * radius;
    scaled[i + 1] = y + unit[i + 1]! * radius;
  }
  return scaled;
}

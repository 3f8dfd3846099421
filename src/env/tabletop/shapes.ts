import type { ShapeName } from '../../core/task.ts';

/** All lengths here are in table widths. */
export const pusherRadius = 0.03;
export const discRadius = 0.055;
/** Not square, so that a frame tells the box's heading up to half a turn. */
export const boxSize = { width: 0.16, height: 0.1 } as const;
/** Thickness of the bars that make a T or an L, and their lengths. */
export const barThickness = 0.052;
export const teeSize = { bar: 0.17, stem: 0.11 } as const;
export const ellSize = { stem: 0.16, foot: 0.09 } as const;

/** Sides of the polygons around circles that find their collisions: few, since they decide nothing. */
const circleSides = 8;

/** A rigid flat body, origin at its centre of mass, heading 0. */
export interface Shape {
  readonly name: ShapeName | 'pusher';
  /** Convex parts, each x0, y0, x1, y1, ... in order around it. They meet at edges and do not overlap. */
  readonly parts: readonly Float64Array[];
  /** The border, clockwise as seen with y down: x0, y0, x1, y1, ... */
  readonly outline: Float64Array;
  /** The true outline where it is a circle; the polygon in `parts` is then a stand-in for collisions. */
  readonly radius: number | null;
  readonly area: number;
  /** Second moment of area about the centre over the area: inertia / mass. */
  readonly gyrationSquared: number;
  /** Radius of the smallest circle around the centre that holds the body. */
  readonly reach: number;
}

/** The shape of an object, `scale` times its normal size. */
export function createShape(name: ShapeName, scale = 1): Shape {
  switch (name) {
    case 'disc':
      return circle('disc', discRadius * scale);
    case 'box': {
      const box = rectangle(0, 0, boxSize.width * scale, boxSize.height * scale);
      return compound('box', [box], corners(box));
    }
    case 't': {
      const thickness = barThickness * scale;
      const bar = rectangle(0, 0, teeSize.bar * scale, thickness);
      const left = (bar.width - thickness) / 2;
      const stem = rectangle(left, thickness, thickness, teeSize.stem * scale);
      const bottom = thickness + stem.height;
      const right = left + thickness;
      return compound(
        't',
        [bar, stem],
        [
          0,
          0,
          bar.width,
          0,
          bar.width,
          thickness,
          right,
          thickness,
          right,
          bottom,
          left,
          bottom,
          left,
          thickness,
          0,
          thickness,
        ],
      );
    }
    case 'l': {
      const thickness = barThickness * scale;
      const stem = rectangle(0, 0, thickness, ellSize.stem * scale);
      const foot = rectangle(thickness, stem.height - thickness, ellSize.foot * scale, thickness);
      const right = thickness + foot.width;
      return compound(
        'l',
        [stem, foot],
        [0, 0, thickness, 0, thickness, foot.y, right, foot.y, right, stem.height, 0, stem.height],
      );
    }
  }
}

/** The agent's own effector. */
export function createPusherShape(radius = pusherRadius): Shape {
  return circle('pusher', radius);
}

/** The polygon lies around the circle: it finds collisions, the circle decides them (see contacts.ts). */
function circle(name: 'disc' | 'pusher', radius: number): Shape {
  const corner = radius / Math.cos(Math.PI / circleSides);
  const polygon = new Float64Array(2 * circleSides);
  for (let i = 0; i < circleSides; i++) {
    const angle = ((i + 0.5) * 2 * Math.PI) / circleSides;
    polygon[2 * i] = corner * Math.cos(angle);
    polygon[2 * i + 1] = corner * Math.sin(angle);
  }
  return {
    name,
    parts: [polygon],
    outline: polygon,
    radius,
    area: Math.PI * radius * radius,
    gyrationSquared: (radius * radius) / 2,
    reach: radius,
  };
}

/** x and y are its top left corner. */
interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function rectangle(x: number, y: number, width: number, height: number): Rectangle {
  return { x, y, width, height };
}

function corners({ x, y, width, height }: Rectangle): number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

/** Several rectangles as one body: each one's moment about its own centre plus the parallel-axis term. */
function compound(name: ShapeName, rectangles: readonly Rectangle[], outline: readonly number[]): Shape {
  let area = 0;
  let centreX = 0;
  let centreY = 0;
  for (const { x, y, width, height } of rectangles) {
    area += width * height;
    centreX += width * height * (x + width / 2);
    centreY += width * height * (y + height / 2);
  }
  centreX /= area;
  centreY /= area;
  let moment = 0;
  for (const { x, y, width, height } of rectangles) {
    const offset = (x + width / 2 - centreX) ** 2 + (y + height / 2 - centreY) ** 2;
    moment += width * height * ((width * width + height * height) / 12 + offset);
  }
  const centred = (points: readonly number[]): Float64Array =>
    Float64Array.from(points, (value, i) => value - (i % 2 === 0 ? centreX : centreY));
  const border = centred(outline);
  let reach = 0;
  for (let i = 0; i < border.length; i += 2) reach = Math.max(reach, Math.hypot(border[i]!, border[i + 1]!));
  return {
    name,
    parts: rectangles.map((each) => centred(corners(each))),
    outline: border,
    radius: null,
    area,
    gyrationSquared: moment / area,
    reach,
  };
}

import { unitsPerTable } from '../tabletop/rigid-body.ts';

import { createPusherShape, type Shape } from '../tabletop/shapes.ts';

/**
 * The constants of Push-T (Chi et al., 2023), as gym-pusht and its descendants have them. The field is 512 units wide;
 * all that leaves this folder is in field widths.
 */
export const fieldSize = unitsPerTable;

/** Sides of the walls, 4 units thick, whose middles are at 5 and 506. */
export const walls = { low: 7, high: 504 } as const;

export const pusherUnits = 15;
export const pusherShape: Shape = createPusherShape(pusherUnits / fieldSize);
/** Where the pusher's centre can be. */
export const pusherRange = { low: walls.low + pusherUnits, high: walls.high - pusherUnits } as const;

/** Units a unit of action asks for: the pusher heads for where it is plus this times the action. */
export const actionScale = 100;
/** Control steps a second. */
export const controlRate = 10;

/** The T: a bar across the top and a stem below it, all bars 30 wide. */
const thickness = 30;
const bar = 120;
const stem = 90;
/**
 * Of the T's reference point, the middle of the bar's outer edge, the engine's centre of mass is this far down the stem:
 * the mean of the two bars' centres. Its centroid is a little nearer.
 */
const massCentre = (thickness / 2 + thickness + stem / 2) / 2;
const centroid =
  (bar * thickness * (thickness / 2) + stem * thickness * (thickness + stem / 2)) / ((bar + stem) * thickness);
/** Moment of inertia over mass: twice that of the bar about the reference point, which is what the originals compute. */
const gyrationSquared = (2 * (bar ** 2 + thickness ** 2)) / 12 + 2 * (thickness / 2) ** 2;

/** From the centroid, in the T's own axes: its position in the originals, which success is judged at. */
export const referencePoint = [0, -centroid / fieldSize] as const;

/** From the centre of mass to the centroid along the stem, field widths. */
export const centroidOffset = (centroid - massCentre) / fieldSize;

/** The T about its centre of mass. */
export const blockShape: Shape = createBlockShape();

function createBlockShape(): Shape {
  const place = (points: readonly number[]): Float64Array =>
    Float64Array.from(points, (value, i) => (i % 2 === 0 ? value : value - massCentre) / fieldSize);
  const [half, side, bottom] = [bar / 2, thickness / 2, thickness + stem];
  const outline = place([
    -half,
    0,
    half,
    0,
    half,
    thickness,
    side,
    thickness,
    side,
    bottom,
    -side,
    bottom,
    -side,
    thickness,
    -half,
    thickness,
  ]);
  let reach = 0;
  for (let i = 0; i < outline.length; i += 2) reach = Math.max(reach, Math.hypot(outline[i]!, outline[i + 1]!));
  return {
    name: 't',
    parts: [
      place([-half, 0, half, 0, half, thickness, -half, thickness]),
      place([-side, thickness, side, thickness, side, bottom, -side, bottom]),
    ],
    outline,
    radius: null,
    area: ((bar + stem) * thickness) / fieldSize ** 2,
    gyrationSquared: gyrationSquared / fieldSize ** 2,
    reach,
  };
}

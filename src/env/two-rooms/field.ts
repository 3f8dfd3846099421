/**
 * The constants of Two-Rooms as eb_jepa sets them (facebookresearch/eb_jepa, eb_jepa/datasets/two_rooms; the
 * benchmark of PLDM, Sobal et al., 2025). Coordinates are pixel indices: x to the right and y down, (0, 0) the
 * centre of the top left pixel.
 */

/** Side of the field; one field width is this many pixels. Truth and targets are in field widths, px / 65. */
export const fieldSize = 65;

/** The outer walls' faces: a point is inside while both coordinates are between these. */
export const fieldLow = 4;
export const fieldHigh = 60;

/** Half the thickness of the wall that a point meets; it is drawn three pixels wide. */
export const wallHalfWidth = 1;

/** The door is open where |y - doorY| is at most this. */
export const doorHalfHeight = 4;

/** How far from a wall's face a point comes to rest after running into it. */
export const clearance = 0.3;

/** Standard deviation of the dot's Gaussian. */
export const dotStd = 1.3;

export const maxActionNorm = 2.45;

/** An episode succeeds when it ends nearer to the goal than this. */
export const successDistance = 4.5;

/** Wall and door positions are whole numbers within these, both included. */
export const wallXRange = [20, 44] as const;
export const doorYRange = [10, 54] as const;

/** Where the wall stands and where its door is. */
export interface TwoRoomsLayout {
  readonly wallX: number;
  readonly doorY: number;
}

/** Which room a point is in: -1 the left one, 1 the right one, 0 the doorway. */
export function roomOf(x: number, { wallX }: TwoRoomsLayout): -1 | 0 | 1 {
  if (x <= wallX - wallHalfWidth) return -1;
  return x >= wallX + wallHalfWidth ? 1 : 0;
}

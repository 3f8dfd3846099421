import type { ColourName } from '../../core/task.ts';
import type { Rgb } from '../rasteriser/rasteriser.ts';
import { createShape, type Shape } from '../tabletop/shapes.ts';

/**
 * A world seen from the side, in picture widths: x to the right, y down, the picture being the square from 0 to 1.
 * Things fall, slide without friction and don't bounce.
 */
export interface SideScene {
  readonly bodies: readonly SideBody[];
  readonly pieces: readonly Piece[];
  readonly screens: readonly Screen[];
}

/** A thing that moves. What makes it impossible is the business of edits alone. */
export interface SideBody {
  readonly shape: 'disc' | 'box';
  /** Times the shape's normal size. */
  readonly size: number;
  readonly colour: SideColour;
  /** Absent ones neither move nor touch nor show. */
  readonly present: boolean;
  /** An unseen one acts as any other, but isn't drawn. */
  readonly seen: boolean;
  /** Gravity doesn't act on it. */
  readonly weightless: boolean;
  /** Nothing moves it. */
  readonly fixed: boolean;
  /** Pieces that it goes through. */
  readonly passes: readonly number[];
}

/** Where a thing begins, and how fast: picture widths and radians, velocities a frame. */
export interface Start {
  readonly x: number;
  readonly y: number;
  readonly angle?: number;
  readonly velocityX?: number;
  readonly velocityY?: number;
}

/** A convex part of the scenery, corners clockwise as seen. It never moves. */
export interface Piece {
  readonly outline: readonly (readonly [x: number, y: number])[];
  readonly seen: boolean;
  readonly solid: boolean;
}

/** A board on the floor in front of everything. It can sink into the floor. */
export interface Screen {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** The last frame at which it stands whole; null where it stands for ever. */
  readonly lowersAfter: number | null;
}

export const sideColours = ['red', 'blue', 'yellow', 'purple'] as const satisfies readonly ColourName[];
export type SideColour = (typeof sideColours)[number];

/** Chosen like the table's, and far from each other's mixtures with the background. */
export const airColour: Rgb = [238, 235, 228];
export const pieceColour: Rgb = [70, 74, 84];
export const screenColour: Rgb = [30, 178, 178];

/** Pictures are multiples of so many pixels wide: what stands on whole ones hides all that is behind it. */
const pixelsAcross = 64;
/** Where the floor begins. */
export const floorTop = 59 / pixelsAcross;
/** Frames that a screen takes to sink. */
export const loweringFrames = 3;

/** A rectangle of scenery. */
export function block(left: number, top: number, right: number, bottom: number): Piece {
  const outline = [[left, top] as const, [right, top] as const, [right, bottom] as const, [left, bottom] as const];
  return { outline, seen: true, solid: true };
}

/** The floor, reaching beyond the picture on both sides. */
export const floor: Piece = block(-3, floorTop, 4, 1.4);

/** A screen whose edges lie on whole pixels. */
export function screenBetween(left: number, right: number, top: number, lowersAfter: number | null = null): Screen {
  const onPixels = (value: number): number => Math.round(value * pixelsAcross) / pixelsAcross;
  return { left: onPixels(left), right: onPixels(right), top, lowersAfter };
}

/** An ordinary thing. */
export function thing(body: Pick<SideBody, 'shape' | 'size' | 'colour'>): SideBody {
  return { ...body, present: true, seen: true, weightless: false, fixed: false, passes: [] };
}

export function shapeOf({ shape, size }: Pick<SideBody, 'shape' | 'size'>): Shape {
  return createShape(shape, size);
}

/** From a body's centre to its lowest point when it lies flat. */
export function restingHeight(body: Pick<SideBody, 'shape' | 'size'>): number {
  const { radius, outline } = shapeOf(body);
  return radius ?? Math.max(...outline.filter((_, i) => i % 2 === 1));
}

/** How far down a screen reaches: things that lie on the floor sink into it by a hair. */
export const screenBottom = floorTop + 1 / pixelsAcross;

/** Where the upper edge of a screen is in a frame. */
export function screenTop({ top, lowersAfter }: Screen, frame: number): number {
  if (lowersAfter === null) return top;
  const lowered = Math.min(1, Math.max(0, (frame - lowersAfter) / loweringFrames));
  return top + (floorTop - top) * lowered;
}

/** The same scene as in a mirror. */
export function mirrorScene({ bodies, pieces, screens }: SideScene): SideScene {
  return {
    bodies,
    pieces: pieces.map((piece) => ({
      ...piece,
      outline: piece.outline.map(([x, y]) => [1 - x, y] as const).reverse(),
    })),
    screens: screens.map((screen) => ({ ...screen, left: 1 - screen.right, right: 1 - screen.left })),
  };
}

export function mirrorStart({ x, y, angle = 0, velocityX = 0, velocityY = 0 }: Start): Start {
  return { x: 1 - x, y, angle: -angle, velocityX: -velocityX, velocityY };
}

import type { Rng } from '../../../core/rng.ts';
import { floorTop, type Piece, restingHeight, type SideBody, type Start, sideColours, thing } from '../scene.ts';

/** Who plays in a scenario. */
export interface Cast {
  /** The thing that it is about. */
  readonly hero: SideBody;
  /** The same colour never plays twice. */
  readonly otherColour: SideBody['colour'];
}

export function drawCast(rng: Rng, size: readonly [number, number] = [0.85, 1.1]): Cast {
  const [colour, otherColour] = rng.shuffled(sideColours) as [SideBody['colour'], SideBody['colour']];
  const shape = rng.chance(0.5) ? 'disc' : 'box';
  return { hero: drawThing(rng, shape, colour, size), otherColour };
}

/** Boxes are drawn smaller: as tall as a disc of the same size is. */
export function drawThing(
  rng: Rng,
  shape: SideBody['shape'],
  colour: SideBody['colour'],
  [low, high]: readonly [number, number] = [0.85, 1.1],
): SideBody {
  const size = rng.between(low, high);
  return thing({ shape, colour, size: shape === 'box' ? 0.85 * size : size });
}

/** Half of its width when it lies flat. */
export function halfWidth(body: SideBody): number {
  return body.shape === 'disc' ? restingHeight(body) : 1.6 * restingHeight(body);
}

/** Lying on what begins at `top`. */
export function lying(body: SideBody, x: number, velocityX = 0, top = floorTop): Start {
  return { x, y: top - restingHeight(body), velocityX };
}

/** Thickness of platforms, ledges and walls. */
export const thickness = 0.05;

/** Scenery that is neither seen nor felt. */
export function missing(piece: Piece): Piece {
  return { ...piece, seen: false, solid: false };
}

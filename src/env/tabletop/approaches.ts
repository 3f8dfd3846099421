import { overlapsRegion } from '../regions.ts';
import { pusherRadius, type Shape } from './shapes.ts';

/** A way to push a body straight on, without turning it. */
export interface Approach {
  /** Unit vector that the body moves along. */
  readonly direction: readonly [x: number, y: number];
  /** From the body's centre to the pusher's, at contact, in table widths. */
  readonly contact: number;
  /** How fast an error across the push grows, per table width pushed: it is multiplied by exp(instability x way). */
  readonly instability: number;
}

/**
 * The straight pushes that a shape offers. A disc can be pushed any way: towards `wanted`. Of other shapes, a face
 * whose normal passes through the centre moves the body along that normal; without friction nothing else does.
 *
 * Instability: on a face at distance h from the centre, contact off the line by y turns the body by y / c^2 for each
 * unit of way, c its radius of gyration, which shifts the contact by (h + r) y / c^2. A disc's contact slips around
 * it by y / (R + r).
 */
export function approachesOf(shape: Shape, angle: number, wanted: readonly [number, number]): Approach[] {
  if (shape.radius !== null) {
    const length = Math.max(1e-9, Math.hypot(...wanted));
    const contact = shape.radius + pusherRadius;
    return [{ direction: [wanted[0] / length, wanted[1] / length], contact, instability: 1 / contact }];
  }
  const { outline, gyrationSquared } = shape;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const approaches: Approach[] = [];
  for (let i = 0; i < outline.length; i += 2) {
    const j = (i + 2) % outline.length;
    const edgeX = outline[j]! - outline[i]!;
    const edgeY = outline[j + 1]! - outline[i + 1]!;
    const length = Math.hypot(edgeX, edgeY);
    // Clockwise with y down: the inside of an edge lies towards (-y, x).
    const [inX, inY] = [-edgeY / length, edgeX / length];
    const height = -(outline[i]! * inX + outline[i + 1]! * inY);
    const foot = -(outline[i]! * edgeX + outline[i + 1]! * edgeY) / length;
    if (height <= 0 || Math.min(foot, length - foot) < pusherRadius / 2) continue;
    approaches.push({
      direction: [inX * cos - inY * sin, inX * sin + inY * cos],
      contact: height + pusherRadius,
      instability: (height + pusherRadius) / gyrationSquared,
    });
  }
  return approaches;
}

/** A push through the centre that no face is square to: it turns the body on the way, to where one may be. */
export function crookedApproach(shape: Shape, angle: number, wanted: readonly [number, number]): Approach {
  const length = Math.max(1e-9, Math.hypot(...wanted));
  const direction = [wanted[0] / length, wanted[1] / length] as const;
  let [touching, clear] = [0, shape.reach + pusherRadius];
  while (clear - touching > 1e-4) {
    const middle = (touching + clear) / 2;
    const pusher = { centre: [-direction[0] * middle, -direction[1] * middle] as const, radius: pusherRadius };
    if (overlapsRegion(pusher, shape, 0, 0, angle)) touching = middle;
    else clear = middle;
  }
  return { direction, contact: clear, instability: clear / shape.gyrationSquared };
}

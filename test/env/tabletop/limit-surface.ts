import { pusherRadius, type Shape } from '../../../src/env/tabletop/shapes.ts';

export interface PlanarPose {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/**
 * The quasi-static push of a body by a frictionless disc, integrated finely: an ellipsoidal limit surface whose
 * motion cone has one direction, the surface's normal at the wrench of the contact normal n at r,
 * (v, omega) ~ (n, (r x n) / c^2) with c the radius of gyration (Goyal, Ruina and Papadopoulos 1991; Lynch and
 * Mason 1996). Each small step of the pusher is followed by the motion that ends the overlap.
 * @param to Where the pusher goes from `from`, straight. Table widths, radians.
 */
export function limitSurfacePush(
  shape: Shape,
  start: PlanarPose,
  from: readonly [number, number],
  to: readonly [number, number],
  steps = 1000,
  radius = pusherRadius,
): PlanarPose {
  let { x, y, angle } = start;
  const turning = shape.radius === null ? 1 / shape.gyrationSquared : 0;
  for (let i = 1; i <= steps; i++) {
    const pusherX = from[0] + ((to[0] - from[0]) * i) / steps;
    const pusherY = from[1] + ((to[1] - from[1]) * i) / steps;
    const contact = nearestContact(shape, { x, y, angle }, pusherX, pusherY);
    const overlap = radius - contact.distance;
    if (overlap <= 0) continue;
    const moment = (contact.x - x) * contact.normalY - (contact.y - y) * contact.normalX;
    const way = overlap / (1 + moment * moment * turning);
    x += contact.normalX * way;
    y += contact.normalY * way;
    angle += moment * turning * way;
  }
  return { x, y, angle };
}

interface Contact {
  readonly x: number;
  readonly y: number;
  /** Into the body. */
  readonly normalX: number;
  readonly normalY: number;
  /** From the contact point to the pusher's centre. */
  readonly distance: number;
}

/** The body's point that is nearest to a point outside it. All our shapes are circles or upright rectangles. */
function nearestContact(shape: Shape, { x, y, angle }: PlanarPose, px: number, py: number): Contact {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [localX, localY] = [cos * (px - x) + sin * (py - y), -sin * (px - x) + cos * (py - y)];
  let nearest = { x: 0, y: 0, distance: Number.POSITIVE_INFINITY };
  if (shape.radius !== null) {
    const length = Math.hypot(localX, localY);
    const share = shape.radius / length;
    nearest = { x: localX * share, y: localY * share, distance: length - shape.radius };
  } else {
    for (const part of shape.parts) {
      const [left, top, right, , , bottom] = part as unknown as number[];
      const cornerX = Math.min(right!, Math.max(left!, localX));
      const cornerY = Math.min(bottom!, Math.max(top!, localY));
      const distance = Math.hypot(localX - cornerX, localY - cornerY);
      if (distance < nearest.distance) nearest = { x: cornerX, y: cornerY, distance };
    }
  }
  const contactX = x + cos * nearest.x - sin * nearest.y;
  const contactY = y + sin * nearest.x + cos * nearest.y;
  const length = Math.hypot(contactX - px, contactY - py);
  return {
    x: contactX,
    y: contactY,
    normalX: (contactX - px) / length,
    normalY: (contactY - py) / length,
    distance: nearest.distance,
  };
}

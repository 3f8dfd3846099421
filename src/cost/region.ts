import type { Point, Region } from '../core/task.ts';
import { type Tensor, tf } from '../engine/tf.ts';

/** Numbers that describe a region: centre x, centre y, half-width, half-height, radius. */
export const regionSize = 5;

/**
 * Discs and rectangles as one shape, a rectangle with rounded corners, so that regions are inputs of a graph and
 * another one needs no other graph.
 */
export function encodeRegion(region: Region): readonly [number, number, number, number, number] {
  if ('radius' in region) return [region.centre[0], region.centre[1], 0, 0, region.radius];
  const [left, right] = region.x;
  const [top, bottom] = region.y;
  return [(left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2, 0];
}

/** Depth of the region's deepest point, table widths. */
export function innerRadius(region: Region): number {
  const [, , halfWidth, halfHeight, radius] = encodeRegion(region);
  return Math.min(halfWidth, halfHeight) + radius;
}

/** Signed distance from a point to a region, negative inside, table widths. */
export function signedDistanceAt([x, y]: Point, region: Region): number {
  const [centreX, centreY, halfWidth, halfHeight, radius] = encodeRegion(region);
  const qx = Math.abs(x - centreX) - halfWidth;
  const qy = Math.abs(y - centreY) - halfHeight;
  return Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - radius;
}

/**
 * The same for tensors: points [B, P, 2] and regions [B, Z, 5] -> [B, P, Z].
 * With q = |p - centre| - half extents: |max(q, 0)| + min(max(q_x, q_y), 0) - radius (Quilez's rounded box).
 */
export function signedDistance(points: Tensor, regions: Tensor): Tensor {
  const column = (index: number) => tf.transpose(tf.slice(regions, [0, 0, index], [-1, -1, 1]), [0, 2, 1]);
  const overhang = (axis: number) => {
    const coordinate = tf.slice(points, [0, 0, axis], [-1, -1, 1]);
    return tf.sub(tf.abs(tf.sub(coordinate, column(axis))), column(2 + axis));
  };
  const qx = overhang(0);
  const qy = overhang(1);
  // The tiny constant keeps the gradient finite where a point lies on or within the edges.
  const outside = tf.sqrt(tf.add(tf.add(tf.square(tf.relu(qx)), tf.square(tf.relu(qy))), 1e-14));
  const inside = tf.minimum(tf.maximum(qx, qy), 0);
  return tf.sub(tf.add(outside, inside), column(4));
}

import clipping, { type Polygon } from 'polygon-clipping';
import { placePolygon } from '../regions.ts';
import type { Pose } from '../tabletop/scene.ts';
import { blockShape } from './field.ts';

/** Coverage, as a share, from which the originals call the task solved. */
const solved = 0.95;

/** Share of the T's area in one pose that it covers in the other. Poses of its centre of mass. */
export function coverage(block: Pose, goal: Pose): number {
  const [dx, dy] = [block.position[0] - goal.position[0], block.position[1] - goal.position[1]];
  const reach = 2 * blockShape.reach;
  if (dx * dx + dy * dy > reach * reach) return 0;
  const shared = clipping.intersection(outlineAt(block), outlineAt(goal));
  return Math.min(1, shared.reduce((sum, polygon) => sum + areaOf(polygon), 0) / blockShape.area);
}

/** gym-pusht's reward: the coverage, in units of that which counts as solved, up to 1. */
export function coverageReward(block: Pose, goal: Pose): number {
  return Math.min(1, coverage(block, goal) / solved);
}

function outlineAt({ position: [x, y], angle }: Pose): Polygon {
  const placed = placePolygon(blockShape.outline, x, y, Math.cos(angle), Math.sin(angle));
  return [Array.from({ length: placed.length / 2 }, (_, i) => [placed[2 * i]!, placed[2 * i + 1]!])];
}

/** A T has no holes, nor has what two of them share. */
function areaOf([ring = []]: Polygon): number {
  let twice = 0;
  for (let i = 0; i < ring.length; i++) {
    const [x0, y0] = ring[i]!;
    const [x1, y1] = ring[(i + 1) % ring.length]!;
    twice += x0 * y1 - x1 * y0;
  }
  return Math.abs(twice) / 2;
}

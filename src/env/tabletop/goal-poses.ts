import { createRng } from '../../core/rng.ts';
import type { Point, SuccessSpec } from '../../core/task.ts';
import { distanceToRegion } from '../regions.ts';
import { isClear, type Placed, pointInRegion, pointOnTable } from './placement.ts';
import { type Pose, type SampledScene, shapeOf } from './scene.ts';
import { pusherRadius } from './shapes.ts';

/**
 * A picture of success: the pusher's pose, then the objects'. What the task speaks of is at its goal, the rest
 * where it starts; the pusher stays where it is, or moves aside where an object's goal is.
 */
export function goalPoses({ scene, pusher, poses }: SampledScene, success: SuccessSpec): Pose[] {
  const reaches = scene.objects.map((object) => shapeOf(object).reach);
  const rng = createRng(0, 'tabletop', 'goal');
  const settled: (Placed | null)[] = [];
  let pusherGoal: Point | null = null;

  const goals = new Map<string, Point>();
  const headings = new Map<string, number>();
  for (const predicate of success.all) {
    if ('angle' in predicate && !('pose' in predicate)) headings.set(...predicate.angle);
    if ('pose' in predicate) headings.set(predicate.pose[0], predicate.angle);
    const goal = 'near' in predicate ? predicate.near : 'pose' in predicate ? predicate.pose : null;
    if (goal === null) continue;
    const [of, to] = goal;
    const point = typeof to === 'string' ? scene.targets[to] : to;
    if (point === undefined) continue;
    if (of === 'pusher') pusherGoal = point;
    else goals.set(of, point);
  }
  const placedSoFar = (): Placed[] => settled.filter((each) => each !== null);
  for (let i = 0; i < scene.objects.length; i++) {
    const position = goals.get(scene.objects[i]!.name);
    settled.push(position === undefined ? null : { position, reach: reaches[i]! });
  }
  for (const predicate of success.all) {
    if (!('inside' in predicate)) continue;
    const [name, region] = predicate.inside;
    const i = scene.objects.findIndex((object) => object.name === name);
    const pose = poses[i];
    if (pose === undefined || settled[i] !== null) continue;
    let position = pose.position;
    for (let attempt = 0; attempt < 200; attempt++) {
      if (distanceToRegion(region, position) === 0 && isClear(position, reaches[i]!, placedSoFar(), 0)) break;
      position = pointInRegion(rng, region, reaches[i]!) ?? position;
    }
    settled[i] = { position, reach: reaches[i]! };
  }
  const objects = poses.map((pose, i) => ({
    angle: headings.get(scene.objects[i]!.name) ?? pose.angle,
    position: settled[i]?.position ?? pose.position,
  }));
  const obstacles = objects.map(({ position }, i) => ({ position, reach: reaches[i]! }));
  let beside = pusher;
  for (let attempt = 0; attempt < 200 && !isClear(beside, pusherRadius, obstacles, 0); attempt++) {
    beside = pointOnTable(rng, pusherRadius);
  }
  return [{ position: pusherGoal ?? beside, angle: 0 }, ...objects];
}

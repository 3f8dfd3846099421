import type { Truth } from '../../core/contracts.ts';
import type { Point } from '../../core/task.ts';
import type { Pose } from '../tabletop/scene.ts';
import { centroidOffset } from './field.ts';

/** Where the T is by a state of the physics, which knows it by its centre of mass. */
export function blockPose(bodies: ArrayLike<number>): Pose {
  return { position: [bodies[4]!, bodies[5]!], angle: bodies[6]! };
}

/** A T's centroid, which is what it is said to be at, by a pose of its centre of mass. */
export function centroidOf({ position: [x, y], angle }: Pose): Point {
  return [x - centroidOffset * Math.sin(angle), y + centroidOffset * Math.cos(angle)];
}

/** The other way round. */
export function massPose(centroid: Point, angle: number): Pose {
  return {
    position: [centroid[0] + centroidOffset * Math.sin(angle), centroid[1] - centroidOffset * Math.cos(angle)],
    angle,
  };
}

/** What is so by a state of the physics. */
export function truthOf(bodies: ArrayLike<number>, block: string, targets: Truth['targets']): Truth {
  const pose = blockPose(bodies);
  return {
    positions: { pusher: [bodies[0]!, bodies[1]!], [block]: centroidOf(pose) },
    angles: { pusher: 0, [block]: pose.angle },
    targets,
  };
}

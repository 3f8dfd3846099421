import type { Point, SuccessSpec } from '../../core/task.ts';
import type { Pose } from '../tabletop/scene.ts';
import { massPose } from './poses.ts';

type Targets = Readonly<Record<string, Point>>;

/** Where the T's centre of mass shall be; null where success asks for no pose of it. */
export function goalPose({ all }: SuccessSpec, block: string, targets: Targets): Pose | null {
  for (const predicate of all) {
    if (!('pose' in predicate) || predicate.pose[0] !== block) continue;
    return massPose(pointOf(predicate.pose[1], targets), predicate.angle);
  }
  return null;
}

/** Where the pusher shall be; null where success does not say. */
export function pusherGoal({ all }: SuccessSpec, targets: Targets): Point | null {
  const pairs = all.flatMap((predicate) =>
    'near' in predicate ? [predicate.near] : 'pose' in predicate ? (predicate.together ?? []) : [],
  );
  const to = pairs.find(([of]) => of === 'pusher')?.[1];
  return to === undefined ? null : pointOf(to, targets);
}

function pointOf(to: string | Point, targets: Targets): Point {
  return typeof to === 'string' ? targets[to]! : to;
}

import type { Truth } from '../core/contracts.ts';
import { unknownName } from '../core/errors.ts';
import type { Point, Predicate, SuccessSpec } from '../core/task.ts';
import { distanceToRegion } from './regions.ts';

export interface Verdict {
  /** All predicates hold in this state, whatever the timing rule. */
  readonly holds: boolean;
  /** The largest distance left, in table widths. */
  readonly distance: number;
}

/** Judges one state. A task that asks for nothing (play) is never fulfilled. @throws UsageError for a name that is neither an entity nor a target. */
export function judge(success: SuccessSpec, truth: Truth): Verdict {
  let holds = success.all.length > 0;
  let distance = 0;
  for (const predicate of success.all) {
    const verdict = judgePredicate(predicate, truth);
    distance = Math.max(distance, verdict.distance);
    holds &&= verdict.holds;
  }
  return { holds, distance };
}

/** How many lists of `after` have held one after the other, given that the first `passed` have and what is so now. */
export function passedStages({ after = [], ...success }: SuccessSpec, truth: Truth, passed: number): number {
  let count = passed;
  while (count < after.length && judge({ ...success, all: after[count]! }, truth).holds) count++;
  return count;
}

/** What still has to hold where the first `passed` lists of `after` have. */
export function remainingSuccess(success: SuccessSpec, passed: number): SuccessSpec {
  const { after = [], all } = success;
  return { ...success, all: [...after.slice(passed).flat(), ...all] };
}

function judgePredicate(predicate: Predicate, truth: Truth): Verdict {
  if ('inside' in predicate) {
    const [object, region] = predicate.inside;
    const distance = distanceToRegion(region, pointOf(object, truth));
    return { holds: distance === 0, distance };
  }
  if ('near' in predicate) {
    const distance = distanceBetween(...predicate.near, truth);
    return { holds: distance <= predicate.within, distance };
  }
  const { within, turns } = predicate;
  if ('pose' in predicate) {
    const { pose, angle, withinAngle, point, together = [] } = predicate;
    const distance = Math.hypot(
      point === undefined ? distanceBetween(...pose, truth) : distanceOfPoint(point, pose, angle, truth),
      ...together.map((pair) => distanceBetween(...pair, truth)),
    );
    const turn = angleBetween(angleOf(pose[0], truth), angle, turns);
    return { holds: distance <= within && turn <= withinAngle, distance: Math.hypot(distance, swing(turn, turns)) };
  }
  const turn = angleBetween(angleOf(predicate.angle[0], truth), predicate.angle[1], turns);
  return { holds: turn <= within, distance: swing(turn, turns) };
}

/** How far a point that is fixed to a body is from where it is in the wanted pose. */
function distanceOfPoint(
  [px, py]: Point,
  [of, to]: readonly [of: string, to: string | Point],
  wanted: number,
  truth: Truth,
): number {
  const [x, y] = pointOf(of, truth);
  const [goalX, goalY] = typeof to === 'string' ? pointOf(to, truth) : to;
  const angle = angleOf(of, truth);
  const [cos, sin] = [Math.cos(angle) - Math.cos(wanted), Math.sin(angle) - Math.sin(wanted)];
  return Math.hypot(x - goalX + px * cos - py * sin, y - goalY + px * sin + py * cos);
}

function distanceBetween(of: string, to: string | Point, truth: Truth): number {
  const [x, y] = pointOf(of, truth);
  const [goalX, goalY] = typeof to === 'string' ? pointOf(to, truth) : to;
  return Math.hypot(x - goalX, y - goalY);
}

/** The smallest angle, at least 0, by which a heading must turn to look like another. */
export function angleBetween(from: number, to: number, turns: number): number {
  const period = (2 * Math.PI) / turns;
  const apart = Math.abs(to - from) % period;
  return Math.min(apart, period - apart);
}

/** An angle as a length, so that it can be compared with distances: how far a point 0.1 from the centre would swing. */
function swing(angle: number, turns: number): number {
  return (0.2 / turns) * Math.sin((turns * angle) / 2);
}

function pointOf(name: string, { positions, targets }: Truth): Point {
  const point = positions[name] ?? targets[name];
  if (point === undefined) throw unknownName('name', name, [...Object.keys(positions), ...Object.keys(targets)]);
  return point;
}

function angleOf(name: string, { angles }: Truth): number {
  const angle = angles[name];
  if (angle === undefined) throw unknownName('entity with a heading', name, Object.keys(angles));
  return angle;
}

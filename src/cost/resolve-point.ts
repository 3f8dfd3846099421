import { unknownName } from '../core/errors.ts';
import type { Point } from '../core/task.ts';

/** Where a term's target is. @throws UsageError for a name that is not among the targets */
export function resolvePoint(to: string | Point, targets: Readonly<Record<string, Point>>): Point {
  if (typeof to !== 'string') return to;
  const point = targets[to];
  if (point === undefined) throw unknownName('target', to, Object.keys(targets));
  return point;
}

import type { Point, SuccessSpec } from '../../core/task.ts';

/** Where the dot should be at the end, as far as success names a place for it: field widths, or null. */
export function goalOf({ all }: SuccessSpec, targets: Readonly<Record<string, Point>>): Point | null {
  for (const predicate of all) {
    if ('near' in predicate) {
      const [of, to] = predicate.near;
      if (of === 'pusher') return (typeof to === 'string' ? targets[to] : to) ?? null;
    } else if ('inside' in predicate && predicate.inside[0] === 'pusher') {
      const region = predicate.inside[1];
      if ('radius' in region) return region.centre;
      return [(region.x[0] + region.x[1]) / 2, (region.y[0] + region.y[1]) / 2];
    }
  }
  return null;
}

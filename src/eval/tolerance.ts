import type { RegionSpec, SuccessSpec } from '../core/task.ts';

/**
 * The distance left, in table widths, within which all predicates hold: where every predicate asks for a place with
 * the same tolerance, or for a region. Null where one number does not tell, as of headings.
 */
export function toleranceOf(success: SuccessSpec<RegionSpec>): number | null {
  const tolerances = success.all.map((predicate): number | null => {
    if ('near' in predicate) return predicate.within;
    return 'inside' in predicate ? 0 : null;
  });
  const [first = null] = tolerances;
  return tolerances.every((tolerance) => tolerance === first) ? first : null;
}

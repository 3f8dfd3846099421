import type { Point, TermSpec } from '../../core/task.ts';
import { distanceToRegion } from '../regions.ts';
import type { ResolvedTask } from '../resolve-task.ts';
import { distance } from './placement.ts';
import { type Claim, placesWhere, spacing } from './places.ts';
import type { SampledScene } from './scene.ts';

/** Terms of one stage that want a thing at places it can't be at together: the agent would stop between them. */
export function objectiveTroubles({ objective, stages }: ResolvedTask, { scene }: SampledScene): string[] {
  const pointOf = (to: string | Point) => (typeof to === 'string' ? scene.targets[to]! : to);
  const names = ['pusher', ...scene.objects.map(({ name }) => name)];
  return [...stages, objective].flatMap((terms) =>
    names.flatMap((name) => {
      const wishes = terms.flatMap((term) => wish(term, name, pointOf) ?? []);
      if (wishes.length < 2 || placesWhere(wishes).length > 0) return [];
      const words = [...new Set(wishes.map(({ words }) => words))].join(' and ');
      return [`the objective wants '${name}' ${words} at once`];
    }),
  );
}

/** Where a term costs nothing; null where it is about another thing, about no place, or weighs nothing. */
function wish(term: TermSpec, name: string, pointOf: (to: string | Point) => Point): Claim | null {
  if (term.weight === 0) return null;
  if (term.term === 'inside') {
    const { object, region } = term;
    return object === name ? { words: 'in its region', holds: (point) => distanceToRegion(region, point) === 0 } : null;
  }
  if ((term.term !== 'distance' && term.term !== 'pose') || term.of !== name) return null;
  const goal = pointOf(term.to);
  const words = `at ${typeof term.to === 'string' ? `'${term.to}'` : JSON.stringify(term.to)}`;
  // Never less than the grid is fine, so that the goal itself is not missed.
  const within = Math.max(term.tolerance ?? 0, spacing);
  return { words, holds: (point) => distance(point, goal) <= within };
}

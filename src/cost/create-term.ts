import { unknownName } from '../core/errors.ts';
import type { TermSpec } from '../core/task.ts';
import type { CostShape, Term, TermFactory } from './term.ts';
import { createAngleTerm } from './terms/angle.ts';
import { createCriticTerm } from './terms/critic.ts';
import { createCustomTerm } from './terms/custom.ts';
import { createDistanceTerm } from './terms/distance.ts';
import { createEffortTerm } from './terms/effort.ts';
import { createGoalImageTerm } from './terms/goal-image.ts';
import { createInsideTerm } from './terms/inside.ts';
import { createPoseTerm } from './terms/pose.ts';
import { createSmoothnessTerm } from './terms/smoothness.ts';

/** Every term by its name: a new one is a file under `terms/` and a line here. */
const factories: { readonly [Kind in TermSpec['term']]: TermFactory<Kind> } = {
  'goal-image': createGoalImageTerm,
  distance: createDistanceTerm,
  pose: createPoseTerm,
  angle: createAngleTerm,
  inside: createInsideTerm,
  custom: createCustomTerm,
  effort: createEffortTerm,
  smoothness: createSmoothnessTerm,
  critic: createCriticTerm,
};

export const termNames = Object.keys(factories) as readonly TermSpec['term'][];

/** @throws UsageError for an unknown term, or one that names what is not in the scene */
export function createTerm(spec: TermSpec, shape: CostShape): Term {
  if (!Object.hasOwn(factories, spec.term)) throw unknownName('term', spec.term, termNames);
  return (factories[spec.term] as TermFactory<typeof spec.term>)(spec as never, shape);
}

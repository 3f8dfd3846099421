import type { Rng } from '../../../core/rng.ts';
import { type Design, mirrorDesign, type PropertyName, type Visibility } from '../quadruplet.ts';
import { gone, hiddenEdge, recoloured, reshaped, swap, turnBehind, wall } from './behind-screens.ts';
import { jump, landing, overTheEdge, struck, turnBack, vanish } from './in-view.ts';

export interface Scenario {
  readonly property: PropertyName;
  readonly visibility: Visibility;
  readonly draw: (rng: Rng) => Design;
}

/**
 * Every kind of quadruplet. Shape and colour have no visible kind: a change in plain view would show as a change that
 * no possible film has, and whatever merely compares frames would find it.
 */
export const scenarios: readonly Scenario[] = [
  { property: 'continuity', visibility: 'visible', draw: jump },
  { property: 'continuity', visibility: 'occluded', draw: swap },
  { property: 'permanence', visibility: 'visible', draw: vanish },
  { property: 'permanence', visibility: 'occluded', draw: gone },
  { property: 'solidity', visibility: 'visible', draw: landing },
  { property: 'solidity', visibility: 'occluded', draw: wall },
  { property: 'support', visibility: 'visible', draw: overTheEdge },
  { property: 'support', visibility: 'occluded', draw: hiddenEdge },
  { property: 'inertia', visibility: 'visible', draw: turnBack },
  { property: 'inertia', visibility: 'occluded', draw: turnBehind },
  { property: 'shape-constancy', visibility: 'occluded', draw: reshaped },
  { property: 'colour-constancy', visibility: 'occluded', draw: recoloured },
  { property: 'push', visibility: 'visible', draw: struck },
];

/** One of them, from either side. */
export function drawDesign({ draw }: Scenario, rng: Rng): Design {
  const design = draw(rng);
  return rng.child('side').chance(0.5) ? mirrorDesign(design) : design;
}

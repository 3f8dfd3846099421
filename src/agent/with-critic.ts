import type { Instruction } from '../core/contracts.ts';
import type { TermSpec } from '../core/task.ts';

export const criticUses = ['terminal', 'running'] as const;

/** How a learned critic joins objectives by goal picture: at plans' ends, or all along them. */
export interface CriticUse {
  readonly at: (typeof criticUses)[number];
  /** Cost of a predictor step that is left. @defaultValue 1 */
  readonly weight?: number;
  /** Predictor steps to the goal below which it says nothing. @defaultValue 1 */
  readonly tolerance?: number;
}

/** The instruction with a critic term beside each goal-image term, of its weight times the critic's. */
export function withCritic(instruction: Instruction, { at, weight = 1, tolerance = 1 }: CriticUse): Instruction {
  const objective = instruction.objective.flatMap((term): TermSpec[] => {
    if (term.term !== 'goal-image') return [term];
    const steps = at === 'terminal' ? 'last' : 'ramp';
    return [term, { term: 'critic', weight: weight * (term.weight ?? 1), tolerance, steps }];
  });
  return { ...instruction, objective };
}

import type { Environment, Instruction } from '../../core/contracts.ts';
import { focusObject } from '../../cost/focus.ts';
import { encodeHeading } from '../../cost/heading.ts';
import { physicalObjective } from './physical-objective.ts';
import type { TruePresent } from './true-dynamics.ts';

export interface TruePresentOptions {
  readonly environment: Environment;
  readonly instruction: Instruction;
  /** Control steps played so far. */
  readonly stepsTaken: number;
  /** Planned steps. */
  readonly horizon: number;
  /** The object gone for at the last decision. */
  readonly previousFocus: number | null;
}

/** The simulator's present, as a search on true dynamics starts from it. */
export function truePresentOf(options: TruePresentOptions): TruePresent {
  const { environment, stepsTaken, horizon, previousFocus } = options;
  const instruction = { ...options.instruction, objective: physicalObjective(options.instruction, environment) };
  const { positions, angles } = environment.inspect().truth;
  const entities = instruction.entities.map(({ name }) => name);
  const focus = focusObject({
    instruction,
    shape: { entities, horizon, actionSize: environment.actionSpace.size, latentShape: [entities.length, 1] },
    seen: entities.map((entity) => ({
      position: positions[entity]!,
      heading: encodeHeading(angles[entity] ?? 0),
    })),
    previous: previousFocus,
  });
  return { state: environment.getState(), instruction, stepsLeft: instruction.budgetSteps - stepsTaken, focus };
}

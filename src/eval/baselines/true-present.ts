import type { Environment, Instruction } from '../../core/contracts.ts';
import { focusObject } from '../../cost/focus.ts';
import { encodeHeading } from '../../cost/heading.ts';
import { createStages } from '../../cost/stages.ts';
import { physicalObjective } from './physical-objective.ts';
import type { TruePresent } from './true-dynamics.ts';

export interface TruthReaderOptions {
  /** In the instruction's episode. */
  readonly environment: Environment;
  readonly instruction: Instruction;
  /** Planned steps. */
  readonly horizon: number;
}

/** Follows one episode in the simulator. Look at every step: what stage it is in and which object is next is kept. */
export interface TruthReader {
  /** The present, as a search on true dynamics starts from it. */
  look(stepsTaken: number): TruePresent;
}

export function createTruthReader({ environment, instruction: told, horizon }: TruthReaderOptions): TruthReader {
  const instruction = { ...told, objective: physicalObjective(told, environment) };
  const entities = instruction.entities.map(({ name }) => name);
  const shape = {
    entities,
    horizon,
    actionSize: environment.actionSpace.size,
    latentShape: [entities.length, 1],
  } as const;
  const stages = createStages({ instruction, shape });
  let focus: number | null = null;
  return {
    look(stepsTaken) {
      const { positions, angles } = environment.inspect().truth;
      const seen = entities.map((entity) => ({
        position: positions[entity]!,
        heading: encodeHeading(angles[entity] ?? 0),
      }));
      const present = stages.present(seen);
      focus = focusObject({ instruction: present, shape, seen, previous: focus });
      const stepsLeft = instruction.budgetSteps - stepsTaken;
      return { state: environment.getState(), instruction: present, stepsLeft, focus };
    },
  };
}

import type { Instruction } from '../core/contracts.ts';
import { createTerm } from './create-term.ts';
import { type CostShape, isDone, type Seen } from './term.ts';

/** Short-term memory of how far an instruction in stages has been carried out. */
export interface Stages {
  /**
   * The instruction of the stage that is to be carried out now: its objective is that stage's, and it has no stages.
   * A stage is left for good once all of its terms are done as seen. The same object until then.
   *
   * @param seen [N] What is seen of each entity, in slot order.
   */
  present(seen: readonly Seen[]): Instruction;
}

export interface StagesOptions {
  readonly instruction: Instruction;
  readonly shape: CostShape;
}

/** @throws UsageError for terms that name what is not in the scene */
export function createStages({ instruction: { stages = [], ...last }, shape }: StagesOptions): Stages {
  const instructions: readonly Instruction[] = [...stages.map((objective) => ({ ...last, objective })), last];
  const termsOf = instructions.map(({ objective }) => objective.map((spec) => createTerm(spec, shape)));
  let current = 0;
  return {
    present(seen) {
      const isFulfilled = () => termsOf[current]!.every((term) => isDone(term, seen, last));
      while (current < stages.length && isFulfilled()) current++;
      return instructions[current]!;
    },
  };
}

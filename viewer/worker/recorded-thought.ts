import type { RecordedStep } from '../../src/eval/recording.ts';
import type { ThoughtView } from '../protocol.ts';

/** What a replay tells of a decision: the plan and its cost, not the search. */
export function thoughtOf({ imagined, unable }: Pick<RecordedStep, 'imagined' | 'unable'>): ThoughtView | null {
  if (imagined === null) return null;
  const { positions, cost, violation, fallback } = imagined;
  return {
    ...{ seen: positions[0] ?? [], plan: positions, fan: null, iterations: [] },
    ...{ cost, violation, fallback, unable, surprise: null, milliseconds: null },
  };
}

import type { Instruction, Observation, Plan, Planner } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import type { Experience, Memory, Moment } from '../core/memory-contracts.ts';
import type { BoxSpace } from '../core/space.ts';
import type { ModelConfig } from '../world-model/config.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import type { Look } from './observer.ts';
import { createRecallPace } from './recall-pace.ts';
import { planFromActions } from './recalled-plan.ts';
import { situationOf } from './situation.ts';

/** What an agent may do with memory: recall. It can't remember, for it doesn't know how an episode ended. */
export type Recollection = Pick<Memory, 'encoder' | 'recall'>;

/** @throws UsageError where another model's latents are in this memory: what two models see does not compare */
export function checkRecollection({ encoder }: Recollection, { hash }: Pick<StoredModel, 'hash'>): void {
  if (encoder === hash) return;
  throw new UsageError(
    `this memory was opened for the model ${encoder.slice(0, 12)}, the agent's is ${hash.slice(0, 12)}`,
  );
}

export interface DiaryOptions {
  readonly memory: Recollection;
  readonly config: ModelConfig;
  readonly instruction: Instruction;
  readonly planner: Pick<Planner, 'horizon' | 'evaluationsPerPlan'>;
  /** The actions it may recall. */
  readonly permitted: BoxSpace;
}

/** One episode in the agent's own words as it goes, and what memory has to say to its present moment. */
export interface Diary {
  look(observation: Observation, look: Look): void;
  act(action: Float32Array): void;
  /** Plans [H, A] that served in moments like the last look's, best first; few, and fewer while they are of no use. */
  recall(): Float32Array[];
  /** What came of the last decision that was planned, so that it learns what recalling is worth here. */
  planned(plan: Plan): void;
  experience(): Experience;
}

/** A recalled plan takes another candidate's place: one for so many that are scored, but at least one, at most three. */
const evaluationsPerRecall = 32;
const mostRecalled = 3;

export function createDiary({ memory, config, instruction, planner, permitted }: DiaryOptions): Diary {
  const moments: Moment[] = [];
  const actions: number[] = [];
  const { actionRepeat } = config;
  const { horizon, evaluationsPerPlan } = planner;
  const count = Math.min(mostRecalled, Math.max(1, Math.floor(evaluationsPerPlan / evaluationsPerRecall)));
  const pace = createRecallPace();
  return {
    look(observation, look) {
      moments.push(momentOf({ config, observation, look, step: actions.length / permitted.size }));
    },
    act(action) {
      actions.push(...action);
    },
    recall() {
      const situation = moments.at(-1)?.situation ?? null;
      if (situation === null || !pace.due()) return [];
      const found = memory.recall(situation, { count, steps: horizon * actionRepeat });
      return found.map((actions) => planFromActions(actions, { horizon, actionRepeat, bounds: permitted }));
    },
    planned({ outdid = [] }) {
      if (outdid.length > 0) pace.note(outdid.some((better) => better));
    },
    experience: () => ({ instruction, moments, actions: Float32Array.from(actions), actionSize: permitted.size }),
  };
}

export interface MomentView {
  readonly config: ModelConfig;
  readonly step: number;
  readonly observation: Observation;
  readonly look: Look;
}

/** A look as memory keeps it. */
export function momentOf({ config, step, observation, look }: MomentView): Moment {
  const { frame, proprioception } = observation;
  const felt = proprioception === undefined ? {} : { proprioception };
  const positions = Float32Array.from(look.seen.flatMap(({ position }) => position));
  return { step, frame, ...felt, positions, situation: situationOf(config, look.instruction, look) };
}

import type { Experience, Frame, Instruction, Memory, Moment } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import type { BoxSpace } from '../core/space.ts';
import type { ModelConfig } from '../world-model/config.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import type { Look } from './observer.ts';
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
  /** H of the plans it recalls. */
  readonly horizon: number;
  /** The actions it may recall. */
  readonly permitted: BoxSpace;
}

/** One episode in the agent's own words as it goes, and what memory has to say to its present moment. */
export interface Diary {
  look(frame: Frame, look: Look): void;
  act(action: Float32Array): void;
  /** Plans [H, A] that served in moments like the last look's, best first. */
  recall(): Float32Array[];
  experience(): Experience;
}

/** Plans recalled for one decision: few, for each takes the place of a fresh candidate. */
const plansRecalled = 3;

export function createDiary({ memory, config, instruction, horizon, permitted }: DiaryOptions): Diary {
  const moments: Moment[] = [];
  const actions: number[] = [];
  const { actionRepeat } = config;
  return {
    look(frame, look) {
      moments.push(momentOf({ config, instruction, frame, look, step: actions.length / permitted.size }));
    },
    act(action) {
      actions.push(...action);
    },
    recall() {
      const situation = moments.at(-1)?.situation ?? null;
      if (situation === null) return [];
      const request = { count: plansRecalled, steps: horizon * actionRepeat };
      return memory
        .recall(situation, request)
        .map((recalled) => planFromActions(recalled, { horizon, actionRepeat, bounds: permitted }));
    },
    experience: () => ({ instruction, moments, actions: Float32Array.from(actions), actionSize: permitted.size }),
  };
}

export interface MomentView {
  readonly config: ModelConfig;
  readonly instruction: Instruction;
  readonly step: number;
  readonly frame: Frame;
  readonly look: Look;
}

/** A look as memory keeps it. */
export function momentOf({ config, instruction, step, frame, look }: MomentView): Moment {
  const positions = Float32Array.from(look.seen.flatMap(({ position }) => position));
  return { step, frame, positions, situation: situationOf(config, instruction, look) };
}

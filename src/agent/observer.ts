import type { EntityDescription, Instruction, Observation } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { isPictured } from '../core/task.ts';
import { focusObject } from '../cost/focus.ts';
import type { HandForecast } from '../cost/hands.ts';
import { createStages } from '../cost/stages.ts';
import type { Seen } from '../cost/term.ts';
import { latentSize } from '../world-model/config.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { createHandTracker } from './hand-tracker.ts';
import { createOcclusion } from './occlusion.ts';
import {
  findEntities,
  goalObservation,
  massesOf,
  type Percept,
  type Perception,
  placesBeside,
  radiiOf,
  seeSlots,
  selectSlots,
} from './perception.ts';
import { createShortTermMemory } from './short-term-memory.ts';
import { createTwins, type Twins } from './twins.ts';

/** What is seen of an instruction's entities in one frame. */
export interface View {
  /** [N, D] */
  readonly latent: Float32Array;
  /** [N] in table widths. */
  readonly seen: readonly Seen[];
  /** [height, width, C] The frame as a generative model draws; absent where the model never draws. */
  readonly picture?: Float32Array;
}

/** A look at the table: what is seen, what is to be done now, and which object to go for. */
export interface Look extends View {
  /** The episode's instruction, or its present stage. */
  readonly instruction: Instruction;
  /** [N] Radii, table widths; 0 where the model doesn't measure them. */
  readonly radii: readonly number[];
  /** [N] Which slot, or which thing of a flat latent, each entity is. */
  readonly slots: readonly number[];
  /** The same entities in the goal's picture; null where the objective is not about it. */
  readonly goal: View | null;
  readonly focus: number | null;
}

/** Looks through one episode: which slot is whose is found in its first frame and held. */
export interface Observer {
  /** Things that colour does not tell apart; null where there are none. */
  readonly twins: Twins | null;
  /** The observation as the model takes it, with what this episode's last looks showed: once a look, in order. */
  remember(observation: Observation): Observation;
  /** @param percept of a frame in which hands and `twins` were looked for too: see `coloursOfHands` */
  look(percept: Percept): Look;
  /** Where the instruction's hands will be 0, 1 ... H predictor steps after the last look. */
  forecastHands(horizon: number): readonly HandForecast[];
}

/** What to look for beside the things that the model knows. */
export function coloursOfHands({ hands = [] }: Pick<Instruction, 'hands'>): readonly EntityDescription['colour'][] {
  return hands.map(({ colour }) => colour);
}

export interface ObserverOptions {
  readonly model: StoredModel;
  readonly instruction: Instruction;
  /** The goal's picture as perceived. */
  readonly goal: Percept | null;
}

export function createObserver({ model, instruction, goal }: ObserverOptions): Observer {
  const { entities, hands = [] } = instruction;
  const size = latentSize(model.config);
  const shape = {
    entities: entities.map(({ name }) => name),
    horizon: 1,
    actionSize: model.config.action.low.length,
    latentShape: [entities.length, size],
  } as const;
  const tracker = createHandTracker(hands);
  const occlusion = createOcclusion(size);
  const stages = createStages({ instruction, shape });
  const twins = createTwins(model.config, entities);
  if (twins !== null && goal !== null) {
    throw new RunError(
      `task '${instruction.taskId}' has a goal-image term and several things of one colour: no picture says which of them is to be where. Say it by quantities.`,
    );
  }
  let slots: readonly number[] | null = null;
  let focus: number | null = null;
  const view = (percept: Percept, of: readonly number[]): View => ({
    latent: selectSlots(percept.latents, of, size),
    seen: seeSlots(percept, of),
    ...(percept.picture === undefined ? {} : { picture: percept.picture }),
  });
  const { look: remember } = createShortTermMemory(model.config);
  return {
    twins,
    remember,
    look(percept) {
      slots ??= findEntities(model, percept, entities, twins);
      const places = placesBeside(model, percept, hands.length);
      tracker.note(places);
      const plain = view(percept, slots);
      const now =
        hands.length === 0
          ? plain
          : occlusion.seeThrough(plain, massesOf(percept, slots), radiiOf(percept, slots), places);
      const present = stages.present(now.seen);
      focus = focusObject({ instruction: present, shape, seen: now.seen, previous: focus });
      const radii = radiiOf(percept, slots);
      return { ...now, instruction: present, radii, slots, goal: goal && view(goal, slots), focus };
    },
    forecastHands: (horizon) => tracker.forecast(horizon),
  };
}

/**
 * The goal's picture as perceived, where the objective is about it.
 * @throws RunError where it is and none is shown
 */
export async function perceiveGoal(perception: Perception, instruction: Instruction): Promise<Percept | null> {
  if (!instruction.objective.some(isPictured)) return null;
  if (instruction.goalFrame === null) {
    throw new RunError(`task '${instruction.taskId}' has a goal-image term and shows no picture of the goal`);
  }
  return perception.perceive(goalObservation(instruction.goalFrame));
}

import type { EntityDescription, Instruction } from '../core/contracts.ts';
import { type TermSpec, turnsOf } from '../core/task.ts';
import { angleOf } from '../cost/heading.ts';
import type { Seen } from '../cost/term.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { findEntities, type Percept, seeSlots } from './perception.ts';

type ByPlaces = Extract<TermSpec, { term: 'goal-image' }> & { readonly by: 'places' | 'poses' };

/**
 * The instruction with each goal-image term `by: places` or `by: poses` written out as what the agent sees in the
 * picture: every object is to be where it is there (and to lie as it does), and once they are, as a stage of its own, the
 * pusher too. So a picture is enough for things that have to be pushed: latents alone get nearer to the picture's only
 * once a thing is touched, and nothing in their distance sends the pusher round behind it first.
 *
 * @param goal the picture as perceived; null where the objective is not about one
 * @throws RunError for an object that the picture does not show
 */
export function pictureAsPlaces(model: StoredModel, instruction: Instruction, goal: Percept | null): Instruction {
  const { entities, objective, stages = [] } = instruction;
  if (goal === null || !objective.some(isByPlaces)) return instruction;
  const seen = seeSlots(goal, findEntities(model, goal, entities));
  const [pusher, ...objects] = entities.map((entity, i) => ({ entity, seen: seen[i]! }));
  const shown = (things: readonly Shown[]): readonly TermSpec[] =>
    objective.flatMap((term) => (isByPlaces(term) ? things.map((thing) => asShown(term, thing)) : [term]));
  const objectsFirst = objects.length === 0 ? [] : [shown(objects)];
  return { ...instruction, stages: [...stages, ...objectsFirst], objective: shown([...objects, pusher!]) };
}

interface Shown {
  readonly entity: EntityDescription;
  readonly seen: Seen;
}

function isByPlaces(term: TermSpec): term is ByPlaces {
  return term.term === 'goal-image' && (term.by === 'places' || term.by === 'poses');
}

function asShown({ term: _, by, ...asked }: ByPlaces, { entity, seen: { position, heading } }: Shown): TermSpec {
  const common = { ...asked, of: entity.name, to: position };
  const turns = entity.shape === undefined ? 0 : turnsOf[entity.shape];
  if (by === 'places' || turns === 0 || heading === null) return { term: 'distance', ...common };
  return { term: 'pose', ...common, angle: angleOf(heading, turns), turns };
}

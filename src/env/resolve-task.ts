import { UsageError, unknownName } from '../core/errors.ts';
import {
  type GuardrailSpec,
  type Heading,
  type Point,
  type Predicate,
  type Region,
  type RegionSpec,
  type ShapeName,
  type SuccessSpec,
  type TaskSpec,
  type TermSpec,
  turnsOf,
  type Who,
} from '../core/task.ts';

/** A task as an episode's agent and judge are told it, with the episode's numbers in place of names. */
export interface ResolvedTask {
  readonly objective: readonly TermSpec[];
  /** What comes before the objective; empty where nothing does. */
  readonly stages: readonly (readonly TermSpec[])[];
  readonly guardrails: readonly GuardrailSpec[];
  readonly success: SuccessSpec;
}

/** What an episode has decided that a task speaks of by name. */
export interface EpisodeNames {
  readonly targets: Readonly<Record<string, Point>>;
  /** Radians, of those targets that have an angle. @defaultValue none has */
  readonly targetAngles?: Readonly<Record<string, number>>;
  /** The scene's objects; the pusher is not among them. @defaultValue there are none */
  readonly objects?: readonly { readonly name: string; readonly shape: ShapeName }[];
}

/** @throws UsageError where a task speaks of a target, an angle or an object that the episode does not have. */
export function resolveTask(task: TaskSpec, episode: EpisodeNames): ResolvedTask {
  const { objective, stages = [], success } = task;
  const termsOf = (terms: typeof objective) => terms.flatMap((term) => resolveTerm(term, episode));
  const predicatesOf = (all: typeof success.all) => all.flatMap((predicate) => resolvePredicate(predicate, episode));
  const { after, all, ...timing } = success;
  return {
    objective: termsOf(objective),
    stages: stages.map(termsOf),
    guardrails: (task.guardrails ?? []).map((guardrail) =>
      guardrail.kind === 'keep-out' ? { ...guardrail, region: resolveRegion(guardrail.region, episode) } : guardrail,
    ),
    success: { ...timing, all: predicatesOf(all), ...(after === undefined ? {} : { after: after.map(predicatesOf) }) },
  };
}

/** Several, where the term is about several objects. */
function resolveTerm(term: TermSpec<RegionSpec>, episode: EpisodeNames): TermSpec[] {
  switch (term.term) {
    case 'inside': {
      const region = resolveRegion(term.region, episode);
      return namesOf(term.object, episode).map((object) => ({ ...term, object, region }));
    }
    case 'pose': {
      const { of, to, angle = to } = term;
      return [{ ...term, angle: resolveHeading(angle, of, episode), turns: turnsOfObject(of, episode) }];
    }
    case 'angle': {
      const { of, to } = term;
      return [{ ...term, to: resolveHeading(to, of, episode), turns: turnsOfObject(of, episode) }];
    }
    default:
      return [term];
  }
}

function resolvePredicate(predicate: Predicate<RegionSpec>, episode: EpisodeNames): Predicate[] {
  if ('near' in predicate) return [predicate];
  if ('inside' in predicate) {
    const [who, region] = predicate.inside;
    return namesOf(who, episode).map((name) => ({ inside: [name, resolveRegion(region, episode)] }));
  }
  if ('pose' in predicate) {
    const [of, to] = predicate.pose;
    const angle = resolveHeading(predicate.angle ?? to, of, episode);
    return [{ ...predicate, angle, turns: turnsOfObject(of, episode) }];
  }
  const { within } = predicate;
  const [of, to] = predicate.angle;
  return [{ angle: [of, resolveHeading(to, of, episode)], within, turns: turnsOfObject(of, episode) }];
}

function namesOf(who: Who<RegionSpec>, { objects = [] }: EpisodeNames): readonly string[] {
  if (typeof who !== 'string') return who;
  return who === 'objects' ? objects.map(({ name }) => name) : [who];
}

export function resolveRegion(region: RegionSpec, { targets }: Pick<EpisodeNames, 'targets'>): Region {
  if ('x' in region) return region;
  const { centre, radius } = region;
  if (typeof centre !== 'string') return { centre, radius };
  const target = targets[centre];
  if (target === undefined) throw unknownName('target', centre, Object.keys(targets));
  return { centre: target, radius };
}

function resolveHeading(
  to: Heading<RegionSpec> | Point,
  of: string,
  { targetAngles = {} }: Pick<EpisodeNames, 'targetAngles'>,
): number {
  if (typeof to === 'number') return to;
  if (typeof to !== 'string') throw new UsageError(`the pose of '${of}' needs an angle beside its coordinates`);
  const angle = targetAngles[to];
  if (angle === undefined) throw unknownName('target with an angle', to, Object.keys(targetAngles));
  return angle;
}

function turnsOfObject(of: string, { objects = [] }: EpisodeNames): number {
  const object = objects.find(({ name }) => name === of);
  const known = objects.map(({ name }) => name);
  if (object === undefined) throw unknownName('object with a heading', of, known);
  const turns = turnsOf[object.shape];
  if (turns === 0) throw new UsageError(`'${of}' is a ${object.shape}, which looks the same however it is turned`);
  return turns;
}

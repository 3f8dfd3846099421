import { type RegionSpec, type TaskSpec, turnsOf, type Who } from '../core/task.ts';
import { type Problem, show, suggestion } from './schema-problems.ts';

export type Path = readonly (string | number)[];

/** Looks names up in a task and notes those that are nobody's. */
export interface TaskChecker {
  readonly problems: readonly Problem[];
  report(path: Path, message: string): void;
  /** `pusher` or an object. */
  entity(path: Path, name: string): void;
  /** Not the pusher. */
  object(path: Path, name: string): void;
  /** One of a term's or predicate's `inside`: an entity, several, or all objects. */
  who(path: Path, who: Who<RegionSpec>): void;
  /** Those of a guardrail: an entity, or all objects. */
  guarded(path: Path, name: string): void;
  hand(path: Path, name: string): void;
  entityOrTarget(path: Path, name: string): void;
  place(path: Path, to: string | readonly number[]): void;
  region(path: Path, region: RegionSpec): void;
  ordered(path: Path, range: readonly [number, number]): void;
  /** An object that has a heading whatever an episode draws. */
  turnable(path: Path, name: string): void;
  /** Radians, or a target that has an angle. */
  heading(path: Path, heading: unknown): void;
}

export function createTaskChecker({ scene }: TaskSpec): TaskChecker {
  const problems: Problem[] = [];
  const objects = scene.objects.map(({ name }) => name);
  const entities = ['pusher', ...objects];
  const hands = (scene.hands ?? []).map(({ name }) => name);
  const targets = Object.keys(scene.targets ?? {});
  const angled = targets.filter((name) => scene.targets![name]!.angle !== undefined);

  const report: TaskChecker['report'] = (path, message) => problems.push({ path, message });
  const known = (path: Path, what: string, name: string, names: readonly string[]): boolean => {
    if (names.includes(name)) return true;
    const list = names.length === 0 ? `the scene has no ${what}s` : `known ${what}s: ${names.join(', ')}`;
    report(path, `${show(name)} is no ${what} of the scene.${suggestion(name, names)} (${list})`);
    return false;
  };
  const ordered: TaskChecker['ordered'] = (path, [low, high]) => {
    if (low >= high) report(path, `must go from low to high, got ${show([low, high])}`);
  };
  const place: TaskChecker['place'] = (path, to) => {
    if (typeof to === 'string') known(path, 'target', to, targets);
  };

  return {
    problems,
    report,
    ordered,
    place,
    entity: (path, name) => void known(path, 'entity', name, entities),
    object: (path, name) => void known(path, 'object', name, objects),
    guarded: (path, name) => void known(path, 'entity', name, [...entities, 'objects']),
    hand: (path, name) => void known(path, 'hand', name, hands),
    entityOrTarget: (path, name) => void known(path, 'entity or target', name, [...entities, ...targets]),
    who(path, who) {
      if (typeof who === 'string') known(path, 'entity', who, [...entities, 'objects']);
      else for (const [i, name] of who.entries()) known([...path, i], 'entity', name, entities);
    },
    region(path, spec) {
      if ('radius' in spec) return place([...path, 'centre'], spec.centre);
      ordered([...path, 'x'], spec.x);
      ordered([...path, 'y'], spec.y);
    },
    turnable(path, name) {
      if (!known(path, 'object', name, objects)) return;
      const { shape } = scene.objects.find((object) => object.name === name)!;
      const round = [shape].flat().filter((each) => turnsOf[each] === 0);
      if (round.length > 0)
        report(path, `${show(name)} can be a ${round[0]}, which looks the same however it is turned`);
    },
    heading(path, heading) {
      if (typeof heading === 'number') return;
      if (typeof heading !== 'string') report(path, 'needs an angle beside the coordinates');
      else if (known(path, 'target', heading, targets) && !angled.includes(heading))
        report(path, `target ${show(heading)} has no angle: give it one under scene.targets.${heading}.angle`);
    },
  };
}

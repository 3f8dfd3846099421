import type { RegionSpec, TargetSpec, TaskSpec } from '../core/task.ts';
import { defaultTolerance } from './default-tolerance.ts';
import { type Problem, show, suggestion } from './schema-problems.ts';

type Path = readonly (string | number)[];

/** What is well-formed field by field, and makes no sense as a whole. */
export function findContradictions(task: TaskSpec): Problem[] {
  const problems: Problem[] = [];
  const report = (path: Path, message: string) => problems.push({ path, message });
  const objects = task.scene.objects.map(({ name }) => name);
  const entities = ['pusher', ...objects];
  const targets = Object.keys(task.scene.targets ?? {});

  const known = (path: Path, what: string, name: string, names: readonly string[]) => {
    if (names.includes(name)) return;
    const list = names.length === 0 ? `the scene has no ${what}s` : `known ${what}s: ${names.join(', ')}`;
    report(path, `${show(name)} is no ${what} of the scene.${suggestion(name, names)} (${list})`);
  };
  const place = (path: Path, to: string | readonly number[]) => {
    if (typeof to === 'string') known(path, 'target', to, targets);
  };
  const ordered = (path: Path, [low, high]: readonly [number, number]) => {
    if (low >= high) report(path, `must go from low to high, got ${show([low, high])}`);
  };
  const region = (path: Path, spec: RegionSpec) => {
    if ('radius' in spec) return place([...path, 'centre'], spec.centre);
    ordered([...path, 'x'], spec.x);
    ordered([...path, 'y'], spec.y);
  };

  for (const [i, { name, at, angle }] of task.scene.objects.entries()) {
    const path = ['scene', 'objects', i];
    if (name === 'pusher' || name === 'objects')
      report([...path, 'name'], `${show(name)} has a meaning of its own; choose another name`);
    if (objects.indexOf(name) < i) report([...path, 'name'], `${show(name)} names two objects`);
    if (at !== undefined && !isPoint(at)) region([...path, 'at'], at);
    if (isPair(angle) && angle[0] > angle[1])
      report([...path, 'angle'], `must go from low to high, got ${show(angle)}`);
  }

  for (const [name, target] of Object.entries(task.scene.targets ?? {})) {
    const path = ['scene', 'targets', name];
    if (entities.includes(name)) report(path, 'is also the name of an entity; choose another');
    checkTarget(path, target);
  }
  function checkTarget(path: Path, target: TargetSpec): void {
    if ('at' in target) {
      if (!isPoint(target.at)) region([...path, 'at'], target.at);
    } else if ('from' in target) {
      known([...path, 'from'], 'entity', target.from, entities);
      ordered([...path, 'distance'], target.distance);
    } else {
      for (const [i, end] of target.between.entries())
        known([...path, 'between', i], 'entity or target', end, [...entities, ...targets]);
    }
  }

  for (const [i, term] of task.objective.entries()) {
    const path = ['objective', i];
    if (term.term === 'distance') {
      known([...path, 'of'], 'entity', term.of, entities);
      place([...path, 'to'], term.to);
    } else if (term.term === 'inside') {
      known([...path, 'object'], 'entity', term.object, entities);
      region([...path, 'region'], term.region);
    }
  }
  if (task.objective.every((term) => term.term === 'effort' || term.term === 'smoothness' || term.weight === 0))
    report(
      ['objective'],
      'asks for nothing but little motion: add a distance, inside or goal-image term of some weight',
    );

  for (const [i, { who, region: zone }] of (task.guardrails ?? []).entries()) {
    known(['guardrails', i, 'who'], 'entity', who, [...entities, 'objects']);
    region(['guardrails', i, 'region'], zone);
  }

  for (const [i, predicate] of task.success.all.entries()) {
    const path = ['success', 'all', i];
    if ('inside' in predicate) {
      known([...path, 'inside', 0], 'entity', predicate.inside[0], entities);
      region([...path, 'inside', 1], predicate.inside[1]);
      continue;
    }
    const [of, to] = predicate.near;
    known([...path, 'near', 0], 'entity', of, entities);
    place([...path, 'near', 1], to);
    for (const [j, term] of task.objective.entries()) {
      if (term.term !== 'distance' || term.of !== of || show(term.to) !== show(to)) continue;
      const { tolerance = defaultTolerance } = term;
      if (tolerance > predicate.within)
        report(
          ['objective', j, 'tolerance'],
          `costs nothing within ${tolerance}, and success needs ${predicate.within}: the agent would stop too early`,
        );
    }
  }
  const { holdSteps = 1 } = task.success;
  if (holdSteps > task.budgetSteps)
    report(['success', 'holdSteps'], `${holdSteps} steps can't fit in a budget of ${task.budgetSteps}`);
  return problems;
}

function isPoint(at: unknown): at is readonly [number, number] {
  return Array.isArray(at);
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value);
}

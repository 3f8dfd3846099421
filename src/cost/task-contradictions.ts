import { describeError } from '../core/errors.ts';
import {
  type GuardrailSpec,
  type HandSpec,
  isPictured,
  type ObjectSpec,
  type Point,
  type PoseHeading,
  type Predicate,
  type RegionSpec,
  type SceneSpec,
  type TargetSpec,
  type TaskSpec,
  type TermSpec,
} from '../core/task.ts';
import { type CustomTermParameters, customTerm } from './custom-term.ts';
import { defaultTolerance } from './default-tolerance.ts';
import { swing } from './heading.ts';
import { type Problem, show, suggestion } from './schema-problems.ts';
import { createTaskChecker, type Path, type TaskChecker } from './task-checker.ts';

/** What is well-formed field by field, and makes no sense as a whole. */
export function findContradictions(task: TaskSpec): readonly Problem[] {
  const checker = createTaskChecker(task);
  const { objects, targets = {}, hands = [] } = task.scene;
  for (const i of objects.keys()) checkObject(objects, i, checker);
  for (const [name, target] of Object.entries(targets)) {
    const path = ['scene', 'targets', name];
    if (['pusher', ...[...objects, ...hands].map((each) => each.name)].includes(name))
      checker.report(path, 'is also the name of an entity; choose another');
    checkTarget(path, target, checker);
  }
  for (const i of hands.keys()) checkHand(task.scene, i, checker);
  const { world = 'tabletop' } = task;
  if (hands.length > 0 && world !== 'tabletop') checker.report(['scene', 'hands'], `there are none in '${world}'`);
  const terms = termsOf(task);
  for (const { path, term } of terms) checkTerm(path, term, checker);
  checkStages(task, checker);
  if (task.objective.every((term) => term.term === 'effort' || term.term === 'smoothness' || term.weight === 0))
    checker.report(
      ['objective'],
      'asks for nothing but little motion: add a distance, pose, inside or goal-image term of some weight',
    );
  for (const [i, guardrail] of (task.guardrails ?? []).entries()) {
    const path = ['guardrails', i];
    if (guardrail.kind === 'fragile') checker.object([...path, 'object'], guardrail.object);
    else if (guardrail.kind === 'moving-hand') checkHandGuardrail(path, guardrail, checker);
    else if (guardrail.kind !== 'speed') checker.guarded([...path, 'who'], guardrail.who);
    if (guardrail.kind === 'keep-out') checker.region([...path, 'region'], guardrail.region);
  }
  for (const { path, predicate } of predicatesOf(task)) {
    checkPredicate(path, predicate, checker);
    for (const { path, term } of terms) checkTolerance([...path, 'tolerance'], term, predicate, checker);
  }
  const { holdSteps = 1 } = task.success;
  if (holdSteps > task.budgetSteps)
    checker.report(['success', 'holdSteps'], `${holdSteps} steps can't fit in a budget of ${task.budgetSteps}`);
  return checker.problems;
}

/** Every term of a task and where it stands. */
function termsOf({ stages = [], objective }: TaskSpec) {
  const list = (path: Path, terms: typeof objective) => terms.map((term, i) => ({ path: [...path, i], term }));
  return [...stages.flatMap((stage, i) => list(['stages', i], stage)), ...list(['objective'], objective)];
}

/** Every predicate of a task and where it stands. */
function predicatesOf({ success: { after = [], all } }: TaskSpec) {
  const list = (path: Path, of: typeof all) => of.map((predicate, i) => ({ path: [...path, i], predicate }));
  return [...after.flatMap((stage, i) => list(['success', 'after', i], stage)), ...list(['success', 'all'], all)];
}

/** Stages must come to an end that the agent can see. */
function checkStages({ stages = [], success, world = 'tabletop' }: TaskSpec, { report }: TaskChecker): void {
  for (const [i, stage] of stages.entries()) {
    for (const [j, term] of stage.entries())
      if (isPictured(term))
        report(['stages', i, j, 'term'], 'a picture shows the goal, no stage on the way to it: name places instead');
    if (stage.every((term) => term.term === 'effort' || term.term === 'smoothness' || term.weight === 0))
      report(['stages', i], 'has no end: it needs a distance, pose, angle or inside term of some weight');
  }
  if (world === 'tabletop') return;
  if (stages.length > 0) report(['stages'], `the world ${show(world)} has none: its goals are pictures`);
  if (success.after !== undefined) report(['success', 'after'], `the world ${show(world)} does not keep count of it`);
}

function checkObject(objects: readonly ObjectSpec[], index: number, checker: TaskChecker): void {
  const { name, at, angle, colour } = objects[index]!;
  const path = ['scene', 'objects', index];
  if (name === 'pusher' || name === 'objects')
    checker.report([...path, 'name'], `${show(name)} has a meaning of its own; choose another name`);
  const earlier = objects.slice(0, index);
  if (earlier.some((other) => other.name === name))
    checker.report([...path, 'name'], `${show(name)} names two objects`);
  if (at !== undefined && !Array.isArray(at)) checker.region([...path, 'at'], at as RegionSpec);
  checkAngles([...path, 'angle'], angle, checker);

  const looksLike = (other: ObjectSpec): boolean =>
    typeof colour === 'object' && 'sameAs' in colour ? other.name === colour.sameAs : isSame(colour, other.colour);
  const alike = earlier.find(looksLike);
  if (typeof colour === 'object' && 'sameAs' in colour && alike === undefined)
    checker.report([...path, 'colour', 'sameAs'], `${show(colour.sameAs)} is no object that comes before this one`);
  if (alike === undefined) return;
  const untold = [alike, objects[index]!].find((each) => each.knownBy !== 'place');
  if (untold === undefined) return;
  checker.report(
    ['scene', 'objects', objects.indexOf(untold), 'knownBy'],
    `must be 'place', since ${show(alike.name)} and ${show(name)} have one colour: the agent can't tell them apart by it`,
  );
}

/** Of one fixed colour each. */
function isSame(colour: ObjectSpec['colour'], other: ObjectSpec['colour']): boolean {
  return typeof colour === 'string' && colour === other;
}

function checkTarget(path: Path, target: TargetSpec, checker: TaskChecker): void {
  checkAngles([...path, 'angle'], target.angle, checker);
  if ('at' in target) {
    if (!Array.isArray(target.at)) checker.region([...path, 'at'], target.at as RegionSpec);
  } else if ('from' in target) {
    if (typeof target.from === 'string') checker.entity([...path, 'from'], target.from);
    else for (const [i, name] of target.from.entries()) checker.entity([...path, 'from', i], name);
    checker.ordered([...path, 'distance'], target.distance);
  } else {
    for (const [i, end] of target.between.entries()) checker.entityOrTarget([...path, 'between', i], end);
  }
}

function checkAngles(path: Path, angle: number | readonly [number, number] | undefined, { report }: TaskChecker): void {
  if (typeof angle === 'object' && angle[0] > angle[1]) report(path, `must go from low to high, got ${show(angle)}`);
}

function checkHand({ objects, hands = [] }: SceneSpec, index: number, checker: TaskChecker): void {
  const { name, path: corners, speed } = hands[index]!;
  const path = ['scene', 'hands', index];
  const others = [...objects, ...hands.slice(0, index)].map((other) => other.name);
  if (name === 'pusher' || name === 'objects' || others.includes(name))
    checker.report([...path, 'name'], `${show(name)} names something else; choose another name`);
  for (const [i, corner] of corners.entries()) {
    if (typeof corner === 'string') checker.place([...path, 'path', i], corner);
    else if (!Array.isArray(corner)) checker.region([...path, 'path', i], corner as RegionSpec);
    if (i > 0 && !isRegion(corner) && show(corner) === show(corners[i - 1]))
      checker.report([...path, 'path', i], 'is the corner before it; a path goes from place to place');
  }
  if (typeof speed === 'object') checker.ordered([...path, 'speed'], speed);
}

function isRegion(corner: HandSpec['path'][number]): boolean {
  return typeof corner === 'object' && !Array.isArray(corner);
}

function checkHandGuardrail(
  path: Path,
  { hand, distance, slowWithin }: Extract<GuardrailSpec, { kind: 'moving-hand' }>,
  checker: TaskChecker,
): void {
  checker.hand([...path, 'hand'], hand);
  if (slowWithin < distance)
    checker.report(
      [...path, 'slowWithin'],
      `must be at least the distance ${distance}: the pusher never is nearer than that, so it would never slow down`,
    );
}

function checkTerm(path: Path, term: TermSpec<RegionSpec>, checker: TaskChecker): void {
  switch (term.term) {
    case 'distance':
      checker.entity([...path, 'of'], term.of);
      checker.place([...path, 'to'], term.to);
      break;
    case 'inside':
      checker.who([...path, 'object'], term.object);
      checker.region([...path, 'region'], term.region);
      break;
    case 'pose':
      checker.turnable([...path, 'of'], term.of);
      checkPose(path, [...path, 'to'], term, term.to, checker);
      break;
    case 'angle':
      checker.turnable([...path, 'of'], term.of);
      checker.heading([...path, 'to'], term.to);
      break;
    case 'custom':
      checkCustomTerm(path, term, checker);
      break;
  }
}

/** Its parameters are those that the term declares, each of its kind. */
function checkCustomTerm(
  path: Path,
  { use, with: values = {} }: Extract<TermSpec<RegionSpec>, { term: 'custom' }>,
  checker: TaskChecker,
): void {
  let declared: CustomTermParameters;
  try {
    declared = customTerm(use).parameters;
  } catch (error) {
    checker.report([...path, 'use'], describeError(error));
    return;
  }
  const names = Object.keys(declared);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const list = names.length === 0 ? 'it has none' : `parameters: ${names.join(', ')}`;
    checker.report([...path, 'with', name], `is no parameter of '${use}'.${suggestion(name, names)} (${list})`);
  }
  for (const [name, kind] of Object.entries(declared)) {
    const value = values[name];
    const at = [...path, 'with', name];
    if (value === undefined) checker.report(at, `is missing; '${use}' needs ${kind === 'entity' ? 'an' : 'a'} ${kind}`);
    else if (kind === 'number' ? typeof value !== 'number' : typeof value === 'number')
      checker.report(at, `must be ${kind === 'entity' ? 'an' : 'a'} ${kind}, got ${show(value)}`);
    else if (kind === 'place') checker.place(at, value as string | Point);
    else if (kind === 'entity') checker.entity(at, String(value));
  }
}

function checkPredicate(path: Path, predicate: Predicate<RegionSpec>, checker: TaskChecker): void {
  if ('inside' in predicate) {
    checker.who([...path, 'inside', 0], predicate.inside[0]);
    checker.region([...path, 'inside', 1], predicate.inside[1]);
  } else if ('near' in predicate) {
    checker.entity([...path, 'near', 0], predicate.near[0]);
    checker.place([...path, 'near', 1], predicate.near[1]);
  } else if ('pose' in predicate) {
    checker.turnable([...path, 'pose', 0], predicate.pose[0]);
    checkPose(path, [...path, 'pose', 1], predicate, predicate.pose[1], checker);
    for (const [i, [of, to]] of (predicate.together ?? []).entries()) {
      checker.entity([...path, 'together', i, 0], of);
      checker.place([...path, 'together', i, 1], to);
    }
  } else {
    checker.turnable([...path, 'angle', 0], predicate.angle[0]);
    checker.heading([...path, 'angle', 1], predicate.angle[1]);
  }
}

/** Without an angle of its own, a pose needs the target's. */
function checkPose(
  path: Path,
  toPath: Path,
  { angle }: PoseHeading<RegionSpec>,
  to: string | Point,
  checker: TaskChecker,
): void {
  if (angle === undefined) checker.heading(toPath, to);
  else {
    checker.place(toPath, to);
    checker.heading([...path, 'angle'], angle);
  }
}

/** An objective that is content with less than success asks for. */
function checkTolerance(
  path: Path,
  term: TermSpec<RegionSpec>,
  predicate: Predicate<RegionSpec>,
  { report }: TaskChecker,
): void {
  if (!('near' in predicate || 'pose' in predicate)) return;
  if (!(term.term === 'distance' || term.term === 'pose')) return;
  const [of, to] = 'near' in predicate ? predicate.near : predicate.pose;
  if (term.of !== of || show(term.to) !== show(to)) return;
  const { tolerance = defaultTolerance } = term;
  const { within } = predicate;
  const needed = 'pose' in predicate ? Math.min(within, swing(predicate.withinAngle, 1)) : within;
  if (tolerance > needed)
    report(path, `costs nothing within ${tolerance}, and success needs ${needed}: the agent would stop too early`);
}

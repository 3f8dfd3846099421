import { isPictured, type Point, type TaskSpec, type TermSpec } from '../../core/task.ts';
import { type ResolvedTask, resolveTask } from '../resolve-task.ts';
import { objectiveTroubles } from './objective-troubles.ts';
import { maxDisplacement } from './physics.ts';
import { distance } from './placement.ts';
import { allowed, type Claim, inscribedRadius, onTable, placesWhere, spacing, wanted } from './places.ts';
import { sampleScene } from './sample-scene.ts';
import { type SampledScene, shapeOf } from './scene.ts';
import { createPusherShape, type Shape } from './shapes.ts';
import { createVariationSampler } from './variation.ts';

/** What is wrong with a task that is well-formed, or may be. */
export interface Trouble {
  /** `error`: no episode can succeed. `warning`: some can't, or the agent is not told what success asks for. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/**
 * Looks for objectives that nobody can fulfil: places off the table or taken by guardrails, wishes that contradict
 * each other, things that can't be in one place together, budgets that no pusher is fast enough for. What it finds is
 * certain; what it does not find may still be impossible.
 *
 * @param scenes how many are drawn; @defaultValue 20
 * @throws UsageError where a scene can't be drawn
 */
export function findTroubles(task: TaskSpec, scenes = 20): Trouble[] {
  const counts = new Map<string, number>();
  const variation = createVariationSampler({}, task.scene.objects.length);
  const doubts = new Map<string, number>();
  for (let seed = 0; seed < scenes; seed++) {
    const sample = sampleScene({ task, variation, seed });
    for (const message of new Set(troublesOf(task, sample))) counts.set(message, (counts.get(message) ?? 0) + 1);
    for (const message of new Set(objectiveTroubles(resolveTask(task, sample.scene), sample)))
      doubts.set(message, (doubts.get(message) ?? 0) + 1);
  }
  const found = [...counts].map(
    ([message, times]): Trouble =>
      times === scenes
        ? { severity: 'error', message }
        : { severity: 'warning', message: `in ${times} of ${scenes} scenes, ${message}` },
  );
  const doubtful = [...doubts].map(
    ([message, times]): Trouble => ({
      severity: 'warning',
      message: times === scenes ? message : `in ${times} of ${scenes} scenes, ${message}`,
    }),
  );
  return [...found, ...doubtful, ...silences(task)];
}

interface Entity {
  readonly name: string;
  readonly shape: Shape;
  readonly start: Point;
  /** Where success and guardrails let its centre be; null where success does not speak of it. */
  readonly places: readonly Point[] | null;
}

function troublesOf(task: TaskSpec, sample: SampledScene): string[] {
  const told = resolveTask(task, sample.scene);
  const { after = [], all } = told.success;
  const before = after.flatMap((stage) =>
    stageTroubles(task, { ...told, success: { ...told.success, all: stage } }, sample),
  );
  const last = stageTroubles(task, { ...told, success: { ...told.success, all } }, sample);
  return [...before, ...last, ...likenesses(task, sample)];
}

/** What is in the way of success's `all`. */
function stageTroubles(task: TaskSpec, told: ResolvedTask, sample: SampledScene): string[] {
  const troubles: string[] = [];
  const entities = [
    { name: 'pusher', shape: createPusherShape(), start: sample.pusher },
    ...sample.scene.objects.map((object, i) => ({
      name: object.name,
      shape: shapeOf(object),
      start: sample.poses[i]!.position,
    })),
  ].map((body): Entity => ({ ...body, places: placesOf(body, told, sample, troubles) }));
  for (const guardrail of told.guardrails) {
    if (guardrail.kind !== 'fragile') continue;
    const { name, start, places } = entities.find(({ name }) => name === guardrail.object)!;
    if (places !== null && !places.some((place) => distance(place, start) < spacing))
      troubles.push(`'${name}' has to move, and a guardrail says that it is fragile`);
  }
  troubles.push(...crowding(entities), ...haste(entities, task.budgetSteps));
  return troubles;
}

/** Where a body may and should be, noting why where it can't be anywhere. */
function placesOf(
  { name, shape }: Pick<Entity, 'name' | 'shape'>,
  { success, guardrails }: ResolvedTask,
  { scene }: SampledScene,
  troubles: string[],
): readonly Point[] | null {
  const pointOf = (to: string | Point) => (typeof to === 'string' ? scene.targets[to]! : to);
  const wishes = success.all.flatMap((predicate) => wanted(predicate, name, pointOf) ?? []);
  if (wishes.length === 0) return null;
  const pose = success.all.find((predicate) => 'pose' in predicate && predicate.pose[0] === name);
  const limits = guardrails.flatMap((guardrail) => allowed(guardrail, name, shape) ?? []);
  const onIt = onTable(shape, pose !== undefined && 'pose' in pose ? pose.angle : null);
  const table = placesWhere([onIt]);
  const list = (claims: readonly Claim[]) => [...new Set(claims.map(({ words }) => words))].join(' and ');

  for (const wish of wishes) {
    if (placesWhere([wish], table).length > 0) continue;
    troubles.push(`'${name}' can't be ${wish.words}: its size keeps it further from the walls`);
    return [];
  }
  const places = placesWhere(wishes, table);
  if (places.length === 0) troubles.push(`'${name}' can't be ${list(wishes)} at once`);
  const safe = placesWhere(limits, places);
  if (safe.length === 0 && places.length > 0)
    troubles.push(`'${name}' can't be ${list(wishes)} and stay ${list(limits)}`);
  return safe;
}

/** Things that success wants nearer together than they can be. */
function crowding(entities: readonly Entity[]): string[] {
  const placed = entities.flatMap(({ name, shape, places }) =>
    places === null || places.length === 0 ? [] : [{ name, radius: inscribedRadius(shape), rim: outermost(places) }],
  );
  return placed.flatMap((a, i) =>
    placed.slice(0, i).flatMap((b) => {
      const most = Math.max(...a.rim.flatMap((point) => b.rim.map((other) => distance(point, other))));
      return most + spacing < a.radius + b.radius
        ? [`'${b.name}' and '${a.name}' have no room beside each other where success wants them`]
        : [];
    }),
  );
}

/** The points that lie farthest out, all around. */
function outermost(points: readonly Point[]): readonly Point[] {
  const rim = Array.from({ length: 32 }, (_, i) => {
    const [cos, sin] = [Math.cos((i * Math.PI) / 16), Math.sin((i * Math.PI) / 16)];
    return points.reduce((best, point) => (along(point, cos, sin) > along(best, cos, sin) ? point : best));
  });
  return [...new Set(rim)];
}

function along([x, y]: Point, cos: number, sin: number): number {
  return x * cos + y * sin;
}

/** A budget that would not do even if everything moved at the pusher's full speed. */
function haste(entities: readonly Entity[], budgetSteps: number): string[] {
  const speed = maxDisplacement * Math.SQRT2;
  const ways = entities.map(({ start, places }) =>
    places === null || places.length === 0 ? 0 : Math.min(...places.map((place) => distance(start, place))),
  );
  const [pusher, ...objects] = ways as [number, ...number[]];
  const needed = Math.ceil(
    Math.max(
      pusher,
      objects.reduce((sum, way) => sum + Math.max(0, way - spacing), 0),
    ) / speed,
  );
  return needed > budgetSteps
    ? [`success needs more than the budget of ${budgetSteps} steps, however fast the pusher`]
    : [];
}

/** Things that look alike though the agent is told of them by colour. */
function likenesses(task: TaskSpec, { scene }: SampledScene): string[] {
  const known = task.scene.objects.filter(({ knownBy }) => knownBy !== 'place').map(({ name }) => name);
  return scene.objects.flatMap(({ name, colour }, i) =>
    scene.objects
      .slice(0, i)
      .filter((other) => other.colour.join() === colour.join() && (known.includes(name) || known.includes(other.name)))
      .map((other) => `'${other.name}' and '${name}' have one colour, and the agent is told of them by colour`),
  );
}

/** Entities that success speaks of and the objective does not, so that an agent can't know of them. */
function silences({ objective, stages = [], success, scene }: TaskSpec): Trouble[] {
  if (objective.some(isPictured)) return [];
  const objects = scene.objects.map(({ name }) => name);
  const expand = (who: string | readonly string[]) => (who === 'objects' ? objects : [who].flat());
  const told = new Set([...stages.flat(), ...objective].flatMap((term) => expand(subjectOf(term))));
  const asked = [...(success.after ?? []).flat(), ...success.all].flatMap((predicate) => {
    if ('inside' in predicate) return expand(predicate.inside[0]);
    return 'near' in predicate ? predicate.near[0] : 'pose' in predicate ? predicate.pose[0] : predicate.angle[0];
  });
  return [...new Set(asked)]
    .filter((name) => !told.has(name))
    .map((name) => ({
      severity: 'warning',
      message: `success asks something of '${name}', and the objective says nothing of it`,
    }));
}

function subjectOf(term: TaskSpec['objective'][number] | TermSpec): string | readonly string[] {
  if (term.term === 'custom') return Object.values(term.with ?? {}).filter((value) => typeof value === 'string');
  return 'of' in term ? term.of : 'object' in term ? term.object : [];
}

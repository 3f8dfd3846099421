import type { Truth } from '../core/contracts.ts';
import { unknownName } from '../core/errors.ts';
import type {
  GuardrailSpec,
  Point,
  Predicate,
  Region,
  RegionSpec,
  SuccessSpec,
  TaskSpec,
  TermSpec,
} from '../core/task.ts';
import { distanceToRegion, type Outline, overlapsRegion } from './regions.ts';

/** The parts of a task that name regions, with the episode's numbers in place of targets' names. */
export interface ResolvedTask {
  readonly objective: readonly TermSpec[];
  readonly guardrails: readonly GuardrailSpec[];
  readonly success: SuccessSpec;
}

type Targets = Readonly<Record<string, Point>>;

/** @throws UsageError where a region is centred on a target that the task does not have. */
export function resolveTask(task: TaskSpec, targets: Targets): ResolvedTask {
  return {
    objective: task.objective.map((term) =>
      term.term === 'inside' ? { ...term, region: resolveRegion(term.region, targets) } : term,
    ),
    guardrails: (task.guardrails ?? []).map((guardrail) => ({
      ...guardrail,
      region: resolveRegion(guardrail.region, targets),
    })),
    success: {
      ...task.success,
      all: task.success.all.map((predicate) =>
        'inside' in predicate
          ? { inside: [predicate.inside[0], resolveRegion(predicate.inside[1], targets)] as const }
          : predicate,
      ),
    },
  };
}

export function resolveRegion(region: RegionSpec, targets: Targets): Region {
  if ('x' in region) return region;
  const { centre, radius } = region;
  if (typeof centre !== 'string') return { centre, radius };
  const target = targets[centre];
  if (target === undefined) throw unknownName('target', centre, Object.keys(targets));
  return { centre: target, radius };
}

export interface Verdict {
  /** All predicates hold in this state, whatever the timing rule. */
  readonly holds: boolean;
  /** The largest distance left, in table widths. */
  readonly distance: number;
}

/** Judges one state. A task that asks for nothing (play) is never fulfilled. @throws UsageError for a name that is neither an entity nor a target. */
export function judge(success: SuccessSpec, truth: Truth): Verdict {
  let holds = success.all.length > 0;
  let distance = 0;
  for (const predicate of success.all) {
    const left = distanceLeft(predicate, truth);
    distance = Math.max(distance, left);
    if (left > ('near' in predicate ? predicate.within : 0)) holds = false;
  }
  return { holds, distance };
}

function distanceLeft(predicate: Predicate, truth: Truth): number {
  if ('inside' in predicate) {
    const [object, region] = predicate.inside;
    return distanceToRegion(region, pointOf(object, truth));
  }
  const [of, to] = predicate.near;
  const [x, y] = pointOf(of, truth);
  const [goalX, goalY] = typeof to === 'string' ? pointOf(to, truth) : to;
  return Math.hypot(x - goalX, y - goalY);
}

function pointOf(name: string, { positions, targets }: Truth): Point {
  const point = positions[name] ?? targets[name];
  if (point === undefined) throw unknownName('name', name, [...Object.keys(positions), ...Object.keys(targets)]);
  return point;
}

/** Outlines of entities by name; an entity that is not among them counts as a point. */
export interface Body {
  readonly name: string;
  readonly outline: Outline;
}

/**
 * Watches guardrails while bodies move. A keep-out region is broken as soon as any part of a body it speaks of is
 * inside it; the simulator looks after every substep, so what happens between two frames counts too.
 */
export interface GuardrailWatch {
  /** Notes what is broken where `poses` puts the bodies: x, y (table widths), heading (radians) of each in turn. */
  look(poses: ArrayLike<number>, stride: number): void;
  /** Kinds broken since the last call, each once; and forgets them. */
  take(): string[];
}

/** @param bodies The pusher, named `pusher`, and the objects. */
export function createGuardrailWatch(guardrails: readonly GuardrailSpec[], bodies: readonly Body[]): GuardrailWatch {
  const names = bodies.map(({ name }) => name);
  const watched = guardrails.map((guardrail) => {
    const { who } = guardrail;
    if (who !== 'objects' && !names.includes(who)) throw unknownName('entity', who, ['objects', ...names]);
    const indices = names.flatMap((name, i) => (name === who || (who === 'objects' && name !== 'pusher') ? [i] : []));
    return { ...guardrail, indices };
  });
  const broken = new Set<string>();
  return {
    look(poses, stride) {
      for (const { kind, region, indices } of watched) {
        if (broken.has(kind)) continue;
        for (const i of indices) {
          const at = i * stride;
          if (overlapsRegion(region, bodies[i]!.outline, poses[at]!, poses[at + 1]!, poses[at + 2]!)) {
            broken.add(kind);
            break;
          }
        }
      }
    },
    take() {
      const kinds = [...broken];
      broken.clear();
      return kinds;
    },
  };
}

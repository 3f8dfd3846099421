import type { Instruction } from '../core/contracts.ts';
import type { GuardrailSpec, Point, TermSpec } from '../core/task.ts';
import { defaultCaution } from '../cost/guardrails.ts';
import { signedDistanceAt } from '../cost/region.ts';
import { resolvePoint } from '../cost/resolve-point.ts';
import type { Seen } from '../cost/term.ts';
import type { Margins } from './margins.ts';
import { ease, findRoute, isStraight, type Obstacle, type Route } from './route.ts';

/** How to get to where the objective wants things, around what guardrails forbid. */
export interface Ways {
  /** The instruction with its object's, or the pusher's, next way-point for a goal where the straight way is closed. */
  readonly instruction: Instruction;
  /** Where the pusher goes first on its way to the object, and how far it is from there; null: straight to it. */
  readonly via: { readonly place: Point; readonly beyond: number } | null;
  /** That of the object, or of the pusher where it is the one that is to go somewhere. */
  readonly lead: Point | null;
  /** Guardrails and margins leave no way at all. */
  readonly closed: boolean;
  /** What is left to go, table widths: of the object, and of the pusher to it; null where the objective names no place. */
  readonly left: number | null;
}

export interface WaysOptions {
  readonly instruction: Instruction;
  readonly guardrails: readonly GuardrailSpec[];
  /** [N] in slot order. */
  readonly seen: readonly Seen[];
  readonly radii: readonly number[];
  readonly margins: Margins;
  /** Slot of the object to go for; null: the objective is about the pusher, or done. */
  readonly focus: number | null;
  /** What the last look gave. */
  readonly previous: Pick<Ways, 'lead' | 'via'> | null;
}

/** What is near enough, table widths: a goal may be just so near to a zone that the margin covers it. */
const arrival = 0.08;

/** Centres of a pusher and an object that it can push are so near, table widths: its reach beyond both radii. */
const touching = 0.05;

/** Centres of objects come no nearer to a wall than this, table widths, however they are turned. */
const leastHalfWidth = 0.05;

/**
 * Beyond what guardrails ask for, table widths: out of the soft edge around what is forbidden, which would push back
 * from the way; where that leaves no way, just off the hard one.
 */
const berths = [defaultCaution.distance, 0.01] as const;

/** Where nothing is in the way. */
export function straightOn(instruction: Instruction): Ways {
  return { instruction, via: null, lead: null, closed: false, left: null };
}

type Placed = Extract<TermSpec, { term: 'distance' | 'inside' | 'pose' }>;

/**
 * A search that looks a few steps ahead and counts straight distances gets stuck behind a zone, so it is led around:
 * by way-points on the shortest way that keeps all clearances, for the thing that is to go somewhere and for the pusher
 * on its way to it. Where the straight way is free, nothing changes.
 */
export function findWays(options: WaysOptions): Ways {
  const { instruction, seen, focus } = options;
  const mover = focus ?? 0;
  const name = instruction.entities[mover]!.name;
  const terms = instruction.objective.filter((term): term is Placed => subjectOf(term) === name);
  const straight = { instruction, via: null, lead: null, closed: false };
  if (terms.length !== 1) return { ...straight, left: null };
  const [term] = terms as [Placed];
  const left = (place: Point): number => leftOf(term, place, instruction);
  const here = seen[mover]!.position;
  if (left(here) <= arrival) return { ...straight, left: left(here) };

  const { previous } = options;
  const way = wayOf(mover, left, arrival, previous?.lead ?? null, options);
  if (way === null) return { ...straight, closed: true, left: left(here) };
  const led = way === 'straight' ? instruction : leadTo(instruction, term, way.via);
  const wayLeft = way === 'straight' ? left(here) : way.length;
  const lead = way === 'straight' ? null : way.via;
  if (mover === 0) return { ...straight, instruction: led, lead, left: wayLeft };

  const contact = options.radii[0]! + options.radii[mover]! + touching;
  const toObject = ([x, y]: Point): number => Math.hypot(x - here[0], y - here[1]);
  const approach = wayOf(0, toObject, contact, previous?.via?.place ?? null, options);
  if (approach === null) return { ...straight, closed: true, left: wayLeft };
  const [x, y] = seen[0]!.position;
  if (approach === 'straight')
    return {
      ...{ instruction: led, lead, closed: false, left: wayLeft + toObject([x, y]) },
      via: lead === null ? null : wayBehind(mover, lead, options),
    };
  const { via: place, beyond, length } = approach;
  return { instruction: led, via: { place, beyond }, lead, closed: false, left: wayLeft + length };
}

/** Cosine of the angle behind a thing within which the pusher is there: 60 degrees to either side. */
const behind = 0.5;

/**
 * The pusher's way to behind a thing that is to be pushed towards `lead`, around the thing itself: near a zone few
 * pushes are allowed, and a search that has to find the way around and such a push at once finds neither. Null where it
 * is there, or where there is no such way.
 */
function wayBehind(mover: number, lead: Point, options: WaysOptions): Ways['via'] {
  const { seen, radii, previous } = options;
  const [[x, y], [pusherX, pusherY]] = [seen[mover]!.position, seen[0]!.position];
  const [ahead, away] = [Math.hypot(lead[0] - x, lead[1] - y), Math.hypot(pusherX - x, pusherY - y)];
  const [alongX, alongY] = [(lead[0] - x) / ahead, (lead[1] - y) / ahead];
  const isBehind = (pusherX - x) * alongX + (pusherY - y) * alongY <= -behind * away;
  if (isBehind || !Number.isFinite(alongX)) return null;
  const gap = radii[0]! + radii[mover]! + berths[1];
  const place: Point = [x - gap * alongX, y - gap * alongY];
  const left = ([fromX, fromY]: Point): number => Math.hypot(fromX - place[0], fromY - place[1]);
  const thing: Obstacle = { region: { centre: [x, y], radius: radii[mover]! }, clearance: radii[0]! };
  const way = wayOf(0, left, arrival, previous?.via?.place ?? null, options, [thing]);
  if (way === null) return null;
  return way === 'straight' ? { place, beyond: gap } : { place: way.via, beyond: way.beyond + gap };
}

function subjectOf(term: TermSpec): string | null {
  if (term.term === 'inside') return term.object;
  return term.term === 'distance' || term.term === 'pose' ? term.of : null;
}

function leftOf(term: Placed, place: Point, { targets }: Instruction): number {
  if (term.term === 'inside') return Math.max(0, signedDistanceAt(place, term.region));
  const [x, y] = resolvePoint(term.to, targets);
  return Math.hypot(place[0] - x, place[1] - y);
}

/** The same instruction with a way-point for that term's goal: it counts as not reached until the goal itself is. */
function leadTo(instruction: Instruction, term: Placed, place: Point): Instruction {
  const led: TermSpec =
    term.term === 'inside' ? { ...term, region: { centre: place, radius: 0.01 } } : { ...term, to: place };
  return { ...instruction, objective: instruction.objective.map((each) => (each === term ? led : each)) };
}

function wayOf(
  slot: number,
  left: (place: Point) => number,
  enough: number,
  previous: Point | null,
  options: WaysOptions,
  more: readonly Obstacle[] = [],
): Route | 'straight' | null {
  const from = options.seen[slot]!.position;
  const inset = slot === 0 ? options.radii[0]! : leastHalfWidth;
  for (const berth of berths) {
    const obstacles = ease(from, [...obstaclesOf(slot, berth, options), ...more]);
    if (isStraightTo(from, left, enough, obstacles)) return 'straight';
    const route = findRoute({ from, left, arrival: enough, obstacles, inset, previous });
    // Where nothing is left to go after the way-point, it is the goal.
    if (route !== null) return route.direct ? 'straight' : route;
  }
  return null;
}

/** Whether going straight for the goal keeps clear of everything until it is near enough. */
function isStraightTo(
  from: Point,
  left: (place: Point) => number,
  enough: number,
  obstacles: readonly Obstacle[],
): boolean {
  let place = from;
  for (let step = 0; step < 200 && left(place) > enough; step++) {
    const [x, y] = place;
    const tiny = 1e-4;
    const [dx, dy] = [left([x + tiny, y]) - left(place), left([x, y + tiny]) - left(place)];
    const length = Math.hypot(dx, dy);
    if (length === 0) return false;
    const next: Point = [x - (0.01 * dx) / length, y - (0.01 * dy) / length];
    if (!isStraight(place, next, obstacles)) return false;
    place = next;
  }
  return left(place) <= enough;
}

/** What a slot has to keep clear of, with its own size and margin; things that may be pushed aside are no obstacles. */
function obstaclesOf(
  slot: number,
  berth: number,
  { guardrails, instruction, seen, radii, margins }: WaysOptions,
): Obstacle[] {
  const { name } = instruction.entities[slot]!;
  const own = radii[slot]! + (slot === 0 ? margins.pusher : margins.objects) + berth;
  return guardrails.flatMap((rail): Obstacle[] => {
    if (rail.kind === 'keep-out') {
      const concerned = rail.who === name || (rail.who === 'objects' && slot > 0);
      return concerned ? [{ region: rail.region, clearance: own }] : [];
    }
    if (rail.kind !== 'fragile' || rail.object === name) return [];
    const fragile = instruction.entities.findIndex((entity, i) => i > 0 && entity.name === rail.object);
    const region = { centre: seen[fragile]!.position, radius: radii[fragile]! };
    return [{ region, clearance: own + margins.objects }];
  });
}

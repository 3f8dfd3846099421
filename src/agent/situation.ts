import type { Instruction } from '../core/contracts.ts';
import type { Situation } from '../core/memory-contracts.ts';
import type { Point, Region, TermSpec } from '../core/task.ts';
import { angleOf, type Heading } from '../cost/heading.ts';
import { encodeRegion } from '../cost/region.ts';
import { resolvePoint } from '../cost/resolve-point.ts';
import type { Seen } from '../cost/term.ts';
import { latentParts, latentSize, type ModelConfig } from '../world-model/config.ts';
import type { Look } from './observer.ts';

/** Length of the arm that stands for a heading, table widths: a turn moves its end about as far as it is worth. */
const arm = 0.1;

/**
 * What a decision is about, for memory to compare: where the pusher is, where the thing that is gone for is and
 * should be, and what lies in the way; not the other things, whose places would make every scene a new one. So what
 * was learned with one object serves among several. Null where nothing is left to do.
 */
export function situationOf(config: ModelConfig, instruction: Instruction, look: Look): Situation | null {
  const { seen, goal, focus } = look;
  const actor = focus ?? 0;
  const { name } = instruction.entities[actor]!;
  const aims = instruction.objective.flatMap((term) => aimOf(term, name, seen[actor]!, instruction) ?? []);
  if (aims.length === 0 && goal === null) return null;
  const things = goal === null ? seen.filter((_, i) => i === 0 || i === actor) : [...seen, ...goal.seen];
  const obstacles = obstaclesOf(instruction, seen);
  const terms = [...(goal === null ? [] : [`picture of ${seen.length}`]), ...aims.map(({ term }) => term)];
  return {
    kind: `${focus === null ? 'pusher' : 'object'}: ${terms.join(', ')}; ${obstacles.length} in the way`,
    points: Float32Array.from([
      ...things.flatMap(({ position }) => position),
      ...aims.flatMap(({ points }) => points.flat()),
      ...obstacles.flat(),
    ]),
    key: keyOf(config, look),
  };
}

interface Aim {
  readonly term: TermSpec['term'];
  readonly points: readonly Point[];
}

/** What a term wants of the thing that is named, as points: where it should be, how it is turned and should be. */
function aimOf(term: TermSpec, name: string, thing: Seen, { targets }: Pick<Instruction, 'targets'>): Aim | null {
  if (term.term === 'inside') return term.object === name ? { term: term.term, points: [centreOf(term.region)] } : null;
  if (!('of' in term) || term.of !== name) return null;
  if (term.term === 'distance') return { term: term.term, points: [resolvePoint(term.to, targets)] };
  const [angle, to] = term.term === 'pose' ? [term.angle, resolvePoint(term.to, targets)] : [term.to, null];
  const { position, heading } = thing;
  const turned = heading === null ? [] : [armEnd(position, nearestAngle(heading, angle, term.turns))];
  return { term: term.term, points: [...turned, ...(to === null ? [] : [to]), armEnd(to ?? position, angle)] };
}

/** Of the angles that a shape which looks the same `turns` times around may be said to have, the one nearest to `to`. */
function nearestAngle(heading: Heading, to: number, turns: number): number {
  const angle = angleOf(heading, turns);
  const period = (2 * Math.PI) / turns;
  return angle + period * Math.round((to - angle) / period);
}

function armEnd([x, y]: Point, angle: number): Point {
  return [x + arm * Math.cos(angle), y + arm * Math.sin(angle)];
}

/** The middles of what must be kept away from, each once. */
function obstaclesOf({ guardrails, entities }: Instruction, seen: readonly Seen[]): Point[] {
  const all = guardrails.flatMap((rail): Point[] => {
    if ('region' in rail) return [centreOf(rail.region)];
    const fragile = rail.kind === 'fragile' ? seen[entities.findIndex(({ name }) => name === rail.object)] : undefined;
    return fragile === undefined ? [] : [fragile.position];
  });
  return all.filter(([x, y], i) => all.findIndex((other) => other[0] === x && other[1] === y) === i);
}

/**
 * A flat latent tells things that no point does, walls for one: it counts as a whole, and the goal's with it. Of
 * slots it is what the thing gone for looks like, since places are in the points. Velocities are not compared: they turn
 * with the scene, which keys do not, and what is recalled is tried before it is believed.
 */
function keyOf(config: ModelConfig, { latent, goal, focus }: Look): Float32Array {
  if (config.encoder.kind !== 'colour-slots') return Float32Array.of(...latent, ...(goal?.latent ?? []));
  if (focus === null) return new Float32Array(0);
  const size = latentSize(config);
  const { place, moments, velocity } = latentParts(config);
  const thing = latent.subarray(focus * size, (focus + 1) * size);
  return Float32Array.of(...thing.subarray(place, place + moments), ...thing.subarray(place + moments + velocity));
}

function centreOf(region: Region): Point {
  const [x, y] = encodeRegion(region);
  return [x, y];
}

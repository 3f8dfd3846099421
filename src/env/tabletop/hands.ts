import { unknownName } from '../../core/errors.ts';
import { handRadius } from '../../core/moving-hand.ts';
import type { Rng } from '../../core/rng.ts';
import type { HandSpec, Point } from '../../core/task.ts';
import { distance, pointInRegion } from './placement.ts';

/** A hand of one episode, all that was left open in its `HandSpec` decided. */
export interface SceneHand {
  readonly name: string;
  readonly path: readonly Point[];
  /** Table widths a control step. */
  readonly speed: number;
  /** How far along its path, there and back again, it is when the episode begins: table widths. */
  readonly start: number;
}

/**
 * Where a hand is after so many control steps, which need not be whole ones: a function of the scene and the time
 * alone, so that a state needs to hold no more than these.
 */
export function handAt({ path, speed, start }: SceneHand, steps: number): Point {
  const lengths = legLengths(path);
  const length = lengths.reduce((sum, leg) => sum + leg, 0);
  const along = (start + speed * steps) % (2 * length);
  let left = along <= length ? along : 2 * length - along;
  for (const [i, leg] of lengths.entries()) {
    if (left <= leg) return between(path[i]!, path[i + 1]!, left / leg);
    left -= leg;
  }
  return path.at(-1)!;
}

export function handsAt(hands: readonly SceneHand[], steps: number): Point[] {
  return hands.map((hand) => handAt(hand, steps));
}

/** Draws the hands' ways; the name of the first whose corners find no place, or the same one, instead. */
export function drawHands(
  specs: readonly HandSpec[],
  targets: Readonly<Record<string, Point>>,
  rng: Rng,
): SceneHand[] | string {
  const hands: SceneHand[] = [];
  for (const { name, path, speed } of specs) {
    const corners = path.map((corner) => drawCorner(corner, targets, rng));
    const found = corners.filter((corner) => corner !== null);
    const lengths = legLengths(found);
    if (found.length < corners.length || lengths.some((leg) => leg === 0)) return name;
    hands.push({
      name,
      path: found,
      speed: typeof speed === 'number' ? speed : rng.between(...speed),
      start: rng.between(0, 2 * lengths.reduce((sum, leg) => sum + leg, 0)),
    });
  }
  return hands;
}

function drawCorner(
  corner: HandSpec['path'][number],
  targets: Readonly<Record<string, Point>>,
  rng: Rng,
): Point | null {
  if (typeof corner === 'string') {
    const target = targets[corner];
    if (target === undefined) throw unknownName('target', corner, Object.keys(targets));
    return target;
  }
  return isPoint(corner) ? corner : pointInRegion(rng, corner, handRadius);
}

function isPoint(value: Exclude<HandSpec['path'][number], string>): value is Point {
  return Array.isArray(value);
}

function legLengths(path: readonly Point[]): number[] {
  return path.slice(1).map((corner, i) => distance(path[i]!, corner));
}

function between([x, y]: Point, [toX, toY]: Point, share: number): Point {
  return [x + share * (toX - x), y + share * (toY - y)];
}

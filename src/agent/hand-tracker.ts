import type { EntityDescription } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { fastestHand } from '../core/moving-hand.ts';
import type { Point } from '../core/task.ts';
import type { HandForecast } from '../cost/hands.ts';

/** Follows hands from look to look: where each is, and how fast it goes. */
export interface HandTracker {
  /**
   * Takes in one look, a predictor step after the last: where each hand is seen, null where it is not.
   * @throws RunError for a hand that has never been seen
   */
  note(places: readonly (Point | null)[]): void;
  /** Where the hands will be 0, 1 ... H looks from now. */
  forecast(horizon: number): HandForecast[];
}

/** Error of a place as seen, table widths; and what that of its velocity adds with each step. */
const seeing = 0.006;
const drift = 0.003;

/** Velocities of successive looks that differ by more than this, table widths a step, are of a hand that turned. */
const turning = 0.008;

/** What a hand can do before it is looked at again, for how many looks ahead it counts: later ones are seen in time. */
const surprises = 2;

interface Tracked {
  place: Point;
  /** Table widths a look; null until it was seen twice. */
  velocity: Point | null;
  /** Of the last two looks alone. */
  lastStep: Point | null;
  /** Looks since it was seen. */
  missedFor: number;
}

/**
 * What it assumes: a hand goes on as it did over the last two or three looks, and stays on the table. It may stop or
 * turn before the next look, so there the doubt is as large as its step; and until it has been seen twice, it may be on
 * its way anywhere at the highest speed that hands have.
 */
export function createHandTracker(hands: readonly EntityDescription[]): HandTracker {
  const tracked = new Map<string, Tracked>();

  const follow = (name: string, place: Point | null): void => {
    const known = tracked.get(name);
    if (known === undefined) {
      if (place === null) throw new RunError(`cannot see the hand '${name}', and a guardrail may be about it`);
      tracked.set(name, { place, velocity: null, lastStep: null, missedFor: 0 });
      return;
    }
    if (place === null) {
      known.place = onTable(along(known.place, known.velocity, 1));
      known.missedFor += 1;
      return;
    }
    const step: Point = [place[0] - known.place[0], place[1] - known.place[1]];
    const before = known.missedFor === 0 ? known.lastStep : null;
    const turned = before === null || Math.hypot(step[0] - before[0], step[1] - before[1]) > turning;
    known.velocity = turned ? step : [(step[0] + before[0]) / 2, (step[1] + before[1]) / 2];
    known.lastStep = step;
    known.place = place;
    known.missedFor = 0;
  };

  return {
    note(places) {
      for (const [i, { name }] of hands.entries()) follow(name, places[i] ?? null);
    },
    forecast(horizon) {
      return hands.map(({ name }) => {
        const { place, velocity, missedFor } = tracked.get(name)!;
        const known = velocity !== null && missedFor === 0;
        const speed = known ? Math.hypot(...velocity) : fastestHand;
        const steps = Array.from({ length: horizon + 1 }, (_, step) => step);
        return {
          name,
          places: steps.map((step) => onTable(along(place, velocity, step))),
          doubts: steps.map((step) => {
            const surprise = known ? Math.min(step, 1) * speed : (Math.min(step, surprises) + missedFor) * speed;
            return seeing + drift * step + (step <= surprises || !known ? surprise : 0);
          }),
        };
      });
    },
  };
}

function along([x, y]: Point, velocity: Point | null, steps: number): Point {
  return velocity === null ? [x, y] : [x + steps * velocity[0], y + steps * velocity[1]];
}

function onTable([x, y]: Point): Point {
  return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
}

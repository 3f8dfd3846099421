import type { EpisodeInfo } from '../core/contracts.ts';
import { unknownName } from '../core/errors.ts';
import { handRadius, speedNear } from '../core/moving-hand.ts';
import type { GuardrailSpec, Point } from '../core/task.ts';
import { gapBetween, type PlacedOutline } from './gap-between.ts';
import { type Outline, overlapsRegion } from './regions.ts';

/** Outlines of entities by name. */
export interface Body {
  readonly name: string;
  readonly outline: Outline;
}

/**
 * Watches guardrails while bodies move, as they truly do. The simulator looks after every substep, so what happens
 * between two frames counts too:
 * - `keep-out` is broken as soon as any part of a body it speaks of is inside the region;
 * - `fragile` when another body touches the object, or it moves within a control step;
 * - `stay-on-table` when a body's centre is nearer to the table's edge than the margin, or beyond it;
 * - `speed` when an action is longer than the limit;
 * - `moving-hand` when the pusher, or an object that has moved within the control step, is nearer to the hand than it
 *   may be, or an action is longer than `speedNear` allows where the pusher is.
 */
export interface GuardrailWatch {
  /** A control step with this action begins where `poses` puts the bodies. */
  begin(poses: ArrayLike<number>, stride: number, action: ArrayLike<number>): void;
  /**
   * Notes what is broken where `poses` puts the bodies: x, y (table widths), heading (radians) of each in turn; and
   * where the hands are, in order. @defaultValue there are none
   */
  look(poses: ArrayLike<number>, stride: number, hands?: readonly Point[]): void;
  /** What was broken since the last call, and by whom, each once; forgets it, and the control step. */
  take(): Broken;
}

export type Broken = Pick<EpisodeInfo, 'violations' | 'violators'>;

/** Nearer than this, in table widths, two bodies touch: contacts are solved to about half of it. */
const touching = 0.001;
/** What counts as having moved within a control step, in table widths and radians. */
const moved = 0.0005;
const turned = 0.005;
/** Actions are single-precision numbers. */
const roundingOfActions = 1e-6;

/** The control step under way. */
interface StepBegun {
  /** The poses at its beginning, 3 numbers a body. */
  readonly poses: Float64Array;
  readonly actionLength: number;
}

/** Whether one body breaks a guardrail now. */
type Check = (poses: ArrayLike<number>, stride: number, begun: StepBegun | null, hands: readonly Point[]) => boolean;

/** A check for each body that can break a guardrail: by index. */
type Checks = readonly (readonly [body: number, Check])[];

/**
 * @param bodies The pusher, named `pusher`, and the objects.
 * @param hands The hands' names.
 */
export function createGuardrailWatch(
  guardrails: readonly GuardrailSpec[],
  bodies: readonly Body[],
  hands: readonly string[] = [],
): GuardrailWatch {
  const checks = guardrails.flatMap((guardrail) =>
    createChecks(guardrail, bodies, hands).map(([body, check]) => ({
      kind: guardrail.kind,
      who: bodies[body]!.name,
      check,
      isBroken: false,
    })),
  );
  const limits = guardrails.flatMap((guardrail) => (guardrail.kind === 'speed' ? [guardrail.limit] : []));
  const violations = new Set<string>();
  const violators = new Set<string>();
  let begun: StepBegun | null = null;
  const note = (kind: string, who: string): void => {
    violations.add(kind);
    violators.add(who);
  };
  return {
    begin(poses, stride, action) {
      const actionLength = Math.hypot(...Array.from(action));
      begun = {
        poses: Float64Array.from({ length: 3 * bodies.length }, (_, i) => poses[Math.floor(i / 3) * stride + (i % 3)]!),
        actionLength,
      };
      if (limits.some((limit) => actionLength > limit + roundingOfActions)) note('speed', bodies[0]!.name);
    },
    look(poses, stride, hands = []) {
      for (const entry of checks) {
        if (entry.isBroken || !entry.check(poses, stride, begun, hands)) continue;
        entry.isBroken = true;
        note(entry.kind, entry.who);
      }
    },
    take() {
      const broken = { violations: [...violations], violators: [...violators] };
      violations.clear();
      violators.clear();
      for (const entry of checks) entry.isBroken = false;
      begun = null;
      return broken;
    },
  };
}

function createChecks(guardrail: GuardrailSpec, bodies: readonly Body[], hands: readonly string[]): Checks {
  switch (guardrail.kind) {
    case 'speed':
      return [];
    case 'keep-out': {
      const { region } = guardrail;
      return bodiesNamed(guardrail.who, bodies).map((i) => [
        i,
        (poses, stride) => {
          const at = i * stride;
          return overlapsRegion(region, bodies[i]!.outline, poses[at]!, poses[at + 1]!, poses[at + 2]!);
        },
      ]);
    }
    case 'stay-on-table': {
      const { margin } = guardrail;
      const isOff = (coordinate: number): boolean => coordinate < margin || coordinate > 1 - margin;
      return bodiesNamed(guardrail.who, bodies).map((i) => [
        i,
        (poses, stride) => isOff(poses[i * stride]!) || isOff(poses[i * stride + 1]!),
      ]);
    }
    case 'fragile': {
      const own = bodies.findIndex(({ name }, i) => i > 0 && name === guardrail.object);
      if (own < 0)
        throw unknownName(
          'fragile object',
          guardrail.object,
          bodies.slice(1).map(({ name }) => name),
        );
      return bodies.map((_, i) => [
        i,
        i === own
          ? (poses, stride, begun) => hasMoved(own, poses, stride, begun)
          : (poses, stride) =>
              gapBetween(placedBody(i, bodies, poses, stride), placedBody(own, bodies, poses, stride)) < touching,
      ]);
    }
    case 'moving-hand': {
      const { distance } = guardrail;
      const own = hands.indexOf(guardrail.hand);
      if (own < 0) throw unknownName('hand', guardrail.hand, hands);
      const gapOf = (i: number, poses: ArrayLike<number>, stride: number, places: readonly Point[]): number => {
        const [x, y] = places[own]!;
        const hand = { outline: { parts: [], radius: handRadius }, x, y, angle: 0 };
        return gapBetween(placedBody(i, bodies, poses, stride), hand);
      };
      return bodies.map((_, i) => [
        i,
        i === 0
          ? (poses, stride, begun, places) => {
              const gap = gapOf(0, poses, stride, places);
              if (gap < distance) return true;
              return begun !== null && begun.actionLength > speedNear(gap, guardrail) + roundingOfActions;
            }
          : (poses, stride, begun, places) =>
              hasMoved(i, poses, stride, begun) && gapOf(i, poses, stride, places) < distance,
      ]);
    }
  }
}

function bodiesNamed(who: string, bodies: readonly Body[]): readonly number[] {
  const names = bodies.map(({ name }) => name);
  if (who !== 'objects' && !names.includes(who)) throw unknownName('entity', who, ['objects', ...names]);
  return names.flatMap((name, i) => (name === who || (who === 'objects' && name !== 'pusher') ? [i] : []));
}

/** Within the control step under way. */
function hasMoved(body: number, poses: ArrayLike<number>, stride: number, begun: StepBegun | null): boolean {
  if (begun === null) return false;
  const [at, from, before] = [body * stride, 3 * body, begun.poses];
  const way = Math.hypot(poses[at]! - before[from]!, poses[at + 1]! - before[from + 1]!);
  const turn = Math.abs(poses[at + 2]! - before[from + 2]!) % (2 * Math.PI);
  return way > moved || Math.min(turn, 2 * Math.PI - turn) > turned;
}

function placedBody(body: number, bodies: readonly Body[], poses: ArrayLike<number>, stride: number): PlacedOutline {
  const at = body * stride;
  return { outline: bodies[body]!.outline, x: poses[at]!, y: poses[at + 1]!, angle: poses[at + 2]! };
}

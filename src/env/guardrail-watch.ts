import { unknownName } from '../core/errors.ts';
import type { GuardrailSpec } from '../core/task.ts';
import { gapBetween } from './gap-between.ts';
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
 * - `speed` when an action is longer than the limit.
 */
export interface GuardrailWatch {
  /** A control step with this action begins where `poses` puts the bodies. */
  begin(poses: ArrayLike<number>, stride: number, action: ArrayLike<number>): void;
  /** Notes what is broken where `poses` puts the bodies: x, y (table widths), heading (radians) of each in turn. */
  look(poses: ArrayLike<number>, stride: number): void;
  /** Kinds broken since the last call, each once; forgets them, and the control step. */
  take(): string[];
}

/** Nearer than this, in table widths, two bodies touch: contacts are solved to about half of it. */
const touching = 0.001;
/** What counts as having moved within a control step, in table widths and radians. */
const moved = 0.0005;
const turned = 0.005;
/** Actions are single-precision numbers. */
const roundingOfActions = 1e-6;

/** Whether a guardrail is broken now; `before` are the poses at the control step's beginning, 3 numbers a body. */
type Check = (poses: ArrayLike<number>, stride: number, before: Float64Array | null) => boolean;

/** @param bodies The pusher, named `pusher`, and the objects. */
export function createGuardrailWatch(guardrails: readonly GuardrailSpec[], bodies: readonly Body[]): GuardrailWatch {
  const checks = guardrails.flatMap((guardrail) => {
    const check = createCheck(guardrail, bodies);
    return check === null ? [] : [{ kind: guardrail.kind, check }];
  });
  const limits = guardrails.flatMap((guardrail) => (guardrail.kind === 'speed' ? [guardrail.limit] : []));
  const broken = new Set<string>();
  let before: Float64Array | null = null;
  return {
    begin(poses, stride, action) {
      before = Float64Array.from({ length: 3 * bodies.length }, (_, i) => poses[Math.floor(i / 3) * stride + (i % 3)]!);
      const length = Math.hypot(...Array.from(action));
      if (limits.some((limit) => length > limit + roundingOfActions)) broken.add('speed');
    },
    look(poses, stride) {
      for (const { kind, check } of checks) {
        if (!broken.has(kind) && check(poses, stride, before)) broken.add(kind);
      }
    },
    take() {
      const kinds = [...broken];
      broken.clear();
      before = null;
      return kinds;
    },
  };
}

function createCheck(guardrail: GuardrailSpec, bodies: readonly Body[]): Check | null {
  switch (guardrail.kind) {
    case 'speed':
      return null;
    case 'keep-out': {
      const { region } = guardrail;
      const guarded = bodiesNamed(guardrail.who, bodies);
      return (poses, stride) =>
        guarded.some((i) => {
          const at = i * stride;
          return overlapsRegion(region, bodies[i]!.outline, poses[at]!, poses[at + 1]!, poses[at + 2]!);
        });
    }
    case 'stay-on-table': {
      const { margin } = guardrail;
      const guarded = bodiesNamed(guardrail.who, bodies);
      const isOff = (coordinate: number): boolean => coordinate < margin || coordinate > 1 - margin;
      return (poses, stride) => guarded.some((i) => isOff(poses[i * stride]!) || isOff(poses[i * stride + 1]!));
    }
    case 'fragile': {
      const own = bodies.findIndex(({ name }, i) => i > 0 && name === guardrail.object);
      if (own < 0)
        throw unknownName(
          'fragile object',
          guardrail.object,
          bodies.slice(1).map(({ name }) => name),
        );
      return (poses, stride, before) =>
        (before !== null && hasMoved(poses, own * stride, before, 3 * own)) || isTouched(own, bodies, poses, stride);
    }
  }
}

function bodiesNamed(who: string, bodies: readonly Body[]): readonly number[] {
  const names = bodies.map(({ name }) => name);
  if (who !== 'objects' && !names.includes(who)) throw unknownName('entity', who, ['objects', ...names]);
  return names.flatMap((name, i) => (name === who || (who === 'objects' && name !== 'pusher') ? [i] : []));
}

function hasMoved(poses: ArrayLike<number>, at: number, before: Float64Array, from: number): boolean {
  const way = Math.hypot(poses[at]! - before[from]!, poses[at + 1]! - before[from + 1]!);
  const turn = Math.abs(poses[at + 2]! - before[from + 2]!) % (2 * Math.PI);
  return way > moved || Math.min(turn, 2 * Math.PI - turn) > turned;
}

function isTouched(own: number, bodies: readonly Body[], poses: ArrayLike<number>, stride: number): boolean {
  const placed = (i: number) => ({
    outline: bodies[i]!.outline,
    x: poses[i * stride]!,
    y: poses[i * stride + 1]!,
    angle: poses[i * stride + 2]!,
  });
  const fragile = placed(own);
  return bodies.some((_, i) => i !== own && gapBetween(placed(i), fragile) < touching);
}

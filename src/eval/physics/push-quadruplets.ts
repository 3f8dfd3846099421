import type { Frame } from '../../core/contracts.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { Point } from '../../core/task.ts';
import { createTabletop, type Tabletop } from '../../env/tabletop/environment.ts';
import { maxDisplacement } from '../../env/tabletop/physics.ts';
import { bodyStateSize } from '../../env/tabletop/rigid-body.ts';
import { shapeOf } from '../../env/tabletop/scene.ts';
import { pusherRadius } from '../../env/tabletop/shapes.ts';
import { decodeState, type EpisodeState, encodeState } from '../../env/tabletop/state.ts';
import { pushToGoal } from '../../env/tasks/push-to-goal.ts';

/** Control steps that both contexts share, and those after them. */
export const sharedSteps = 2;
export const ownSteps = 4;

/** One course of events on the table. */
export interface PushFilm {
  readonly context: 'a' | 'b';
  readonly outcome: 1 | 2;
  readonly possible: boolean;
  /** Environment states, one more than steps: for drawing. */
  readonly states: readonly Float64Array[];
  /** What the camera sees of them. */
  readonly frames: readonly Frame[];
}

/**
 * Did my push cause this? Two contexts, forked from one snapshot: A, the agent pushes the object; B, it passes it by.
 * Two outcomes: 1, the object moves as under that push; 2, it stays. Possible are A1 and B2. In A2 the object stays
 * although it is pushed, as if nailed down, and stops the pusher; in B1 it moves without a cause, just as in A1. So an
 * outcome has its object in the same places in both contexts, no frame by itself is impossible, and what tells them
 * apart is what the agent did.
 */
export interface PushQuadruplet {
  /** The last step before the contexts part. */
  readonly fork: number;
  /** Actions of context A, then of B: one a step. */
  readonly actions: readonly [readonly Float32Array[], readonly Float32Array[]];
  /** Possible and impossible of context A, then of B. */
  readonly pairs: readonly (readonly [possible: PushFilm, impossible: PushFilm])[];
}

/** Less than that, and nobody could say that it moved. Table widths. */
const leastMotion = 0.08;
/** Room that a pusher which passes by leaves. */
const clearance = 0.01;
/** A mass that no pusher moves, in normal ones. */
const nailed = 1e6;

/** Draws quadruplet `index` of a seed. */
export function drawPushQuadruplet(seed: number, index: number): PushQuadruplet {
  const table = createTabletop({ task: pushToGoal });
  for (let attempt = 0; ; attempt++) {
    const drawn = tryOne(table, createRng(seed, 'push-quadruplets', index, attempt));
    if (drawn !== null) return drawn;
  }
}

/** Null where the pusher would leave the table, the push be none, or passing by touch something. */
function tryOne(table: Tabletop, rng: Rng): PushQuadruplet | null {
  table.reset({ seed: rng.integer(2 ** 31) });
  const begun = decodeState(table.getState(), pushToGoal);
  const { reach } = shapeOf(begun.scene.objects[0]!);
  const angle = rng.between(-Math.PI, Math.PI);
  const ahead: Point = [Math.cos(angle), Math.sin(angle)];
  const side = rng.chance(0.5) ? 1 : -1;
  const aside: Point = [-side * ahead[1], side * ahead[0]];
  const object: Point = [rng.between(0.3, 0.7), rng.between(0.3, 0.7)];
  const pace = rng.between(0.35, 0.6);
  const force = rng.between(0.7, 0.95);
  // The pusher comes to within `gap` of the object, a little off its middle, before the contexts part.
  const gap = rng.between(0.03, 0.05);
  const far = reach + pusherRadius + gap + sharedSteps * pace * maxDisplacement;
  const off = rng.between(-0.35, 0.35) * reach;
  const pusher: Point = [object[0] - far * ahead[0] + off * aside[0], object[1] - far * ahead[1] + off * aside[1]];
  const bodies = Float64Array.from(begun.bodies);
  bodies.set([...pusher, 0, 0, 0, 0].map(Math.fround), 0);
  bodies.set([...object, bodies[bodyStateSize + 2]!, 0, 0, 0].map(Math.fround), bodyStateSize);
  const start: EpisodeState = { ...begun, bodies };

  const approach = Array.from({ length: sharedSteps }, () => along(ahead, pace));
  const [push, pass] = [ahead, aside].map((direction) => [
    ...approach,
    ...Array.from({ length: ownSteps }, () => along(direction, force)),
  ]) as [Float32Array[], Float32Array[]];
  const pushed = play(table, start, push);
  const passed = play(table, start, pass);
  const held = [
    ...pushed.slice(0, sharedSteps + 1),
    ...play(table, nail(pushed[sharedSteps]!), push.slice(sharedSteps)).slice(1),
  ];
  const uncaused = passed.map((state, i) => withObject(state, pushed[i]!));

  const all = [...pushed, ...passed, ...uncaused].map(({ bodies: at }) => at);
  if (!all.every(onTable) || apart(at(pushed[0]!, 1), at(pushed.at(-1)!, 1)) < leastMotion) return null;
  if (apart(at(pushed[sharedSteps]!, 1), at(pushed[0]!, 1)) > 0) return null;
  const room = reach + pusherRadius + clearance;
  if (![...passed, ...uncaused].every((state) => apart(at(state, 0), at(state, 1)) > room)) return null;

  const film = (context: 'a' | 'b', outcome: 1 | 2, states: readonly EpisodeState[]): PushFilm => ({
    context,
    outcome,
    possible: (context === 'a') === (outcome === 1),
    states: states.map(encodeState),
    frames: states.map((state) => {
      table.setState(encodeState(state));
      return table.observe().frame;
    }),
  });
  return {
    fork: sharedSteps,
    actions: [push, pass],
    pairs: [
      [film('a', 1, pushed), film('a', 2, held)],
      [film('b', 2, passed), film('b', 1, uncaused)],
    ],
  };
}

/** A step in a direction, `share` of the longest. */
function along([x, y]: Point, share: number): Float32Array {
  return Float32Array.of(x * share, y * share);
}

function play(table: Tabletop, start: EpisodeState, actions: readonly Float32Array[]): EpisodeState[] {
  table.setState(encodeState(start));
  return [
    start,
    ...actions.map((action) => {
      table.step(action);
      return decodeState(table.getState(), pushToGoal);
    }),
  ];
}

function nail(state: EpisodeState): EpisodeState {
  const objects = state.scene.objects.map((object) => ({ ...object, massScale: nailed }));
  return { ...state, scene: { ...state.scene, objects } };
}

/** The state with the object of another. */
function withObject(state: EpisodeState, other: EpisodeState): EpisodeState {
  const bodies = state.bodies.slice();
  bodies.set(other.bodies.subarray(bodyStateSize), bodyStateSize);
  return { ...state, bodies };
}

function at({ bodies }: EpisodeState, body: number): Point {
  return [bodies[body * bodyStateSize]!, bodies[body * bodyStateSize + 1]!];
}

function apart([x, y]: Point, [toX, toY]: Point): number {
  return Math.hypot(toX - x, toY - y);
}

/** Whether walls have no part in it. */
function onTable(bodies: Float64Array): boolean {
  return [0, 1].every((body) =>
    [0, 1].every((axis) => {
      const value = bodies[body * bodyStateSize + axis]!;
      return value > margins[body]! && value < 1 - margins[body]!;
    }),
  );
}

/** Of pusher and object. */
const margins = [0.05, 0.14] as const;

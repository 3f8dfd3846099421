import { fastestHand, handRadius } from '../../src/core/moving-hand.ts';
import type { Point } from '../../src/core/task.ts';
import { handAt, type SceneHand } from '../../src/env/tabletop/hands.ts';
import { decodeState, type EpisodeState, encodeState } from '../../src/env/tabletop/state.ts';
import type { Edited } from './edit-table.ts';
import { ownHand, type Rules, type Table, taskUnder } from './table.ts';

/** Off the table, where nobody sees it. */
const away: Point = [-1, -1];

/** Puts the visitor's hand over the table. */
export function reachIn(table: Table, to: Point): Edited {
  const rules = { ...table.rules, reaching: true };
  return { rules, state: withHand(table.read(), still(onTable(to))), instructs: !table.rules.reaching };
}

/** Takes it away again. */
export function withdraw(table: Table): Edited {
  const now = table.read();
  const hands = now.scene.hands.filter(({ name }) => name !== ownHand);
  const rules = { ...table.rules, reaching: false };
  return { rules, state: encodeState({ ...now, scene: { ...now.scene, hands } }), instructs: true };
}

/** The state in which the hand sets out towards a point, as far as a hand gets in a control step. */
export function driveHand(table: Table, to: Point): Float64Array {
  const now = table.read();
  const [x, y] = handAt(now.scene.hands.at(-1)!, now.steps);
  const [goalX, goalY] = onTable(to);
  const distance = Math.hypot(goalX - x, goalY - y);
  if (distance < 1e-4) return withHand(now, still([x, y]));
  const length = Math.min(distance, fastestHand);
  const next: Point = [x + ((goalX - x) * length) / distance, y + ((goalY - y) * length) / distance];
  // It goes to and fro, one way a step: at its beginning now, at its end a step later.
  const start = now.steps % 2 === 0 ? 0 : length;
  return withHand(now, { name: ownHand, path: [[x, y], next], speed: length, start });
}

/** A state of an episode as one of the same with the visitor's hand, off the table where it was not over it. */
export function stateWithHand(state: Float64Array, rules: Rules): Float64Array {
  return rules.reaching ? state : withHand(decodeState(state, taskUnder(rules)), still(away));
}

function withHand(now: EpisodeState, hand: SceneHand): Float64Array {
  const hands = [...now.scene.hands.filter(({ name }) => name !== ownHand), hand];
  return encodeState({ ...now, scene: { ...now.scene, hands } });
}

/** A way has some length, whether or not it is gone. */
function still([x, y]: Point): SceneHand {
  return {
    name: ownHand,
    path: [
      [x, y],
      [x + 0.001, y],
    ],
    speed: 0,
    start: 0,
  };
}

function onTable([x, y]: Point): Point {
  const clamp = (value: number): number => Math.min(1 - handRadius, Math.max(handRadius, value));
  return [clamp(x), clamp(y)];
}

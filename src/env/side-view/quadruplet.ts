import { bodyStateSize } from '../tabletop/rigid-body.ts';
import { mirrorScene, mirrorStart, type SideBody, type SideScene, type Start } from './scene.ts';
import { beginScene, play, type SideSnapshot } from './side-view.ts';

export const propertyNames = [
  'continuity',
  'permanence',
  'solidity',
  'support',
  'inertia',
  'shape-constancy',
  'colour-constancy',
  'push',
] as const;
export type PropertyName = (typeof propertyNames)[number];

/** Whether what can't be happens in plain view or behind a screen. */
export type Visibility = 'visible' | 'occluded';

/** Frames of a film: 2.4 seconds. */
export const filmFrames = 24;

/** Changes a snapshot in a way that the world's laws don't: `other` is the sister context's at the same frame. */
export type Edit = (own: SideSnapshot, other: SideSnapshot) => SideSnapshot;

/** A scene and how it begins. */
export interface Context {
  readonly scene: SideScene;
  readonly starts: readonly Start[];
}

/**
 * Two contexts, A and B, and two outcomes, 1 and 2: outcome 1 is what A leads to, outcome 2 what B leads to, and an edit
 * gives each context the other's outcome.
 */
export interface Design {
  readonly property: PropertyName;
  readonly visibility: Visibility;
  readonly contexts: readonly [a: Context, b: Context];
  /** The frame whose snapshot is forked; `parting`: the last at which both contexts' things move alike. */
  readonly fork: number | 'parting';
  /** Outcome 2 in context A, and outcome 1 in context B. */
  readonly edits: readonly [Edit, Edit];
}

/** One course of events. */
export interface Film {
  readonly context: 'a' | 'b';
  readonly outcome: 1 | 2;
  readonly possible: boolean;
  /** `filmFrames` of them. */
  readonly snapshots: readonly SideSnapshot[];
}

/**
 * Four films: each outcome once possible and once not. The two films of a context are forks of one snapshot and equal
 * until then; those of an outcome show its things in the same places from then on. So neither single frames nor how
 * much changes between frames, nor anything else that is seen after the fork alone, tells what is possible.
 */
export interface Quadruplet {
  readonly property: PropertyName;
  readonly visibility: Visibility;
  /** The last frame before the edit. */
  readonly fork: number;
  /** Possible and impossible of context A, then of B. */
  readonly pairs: readonly (readonly [possible: Film, impossible: Film])[];
}

export function playQuadruplet({ property, visibility, contexts, fork: forkRule, edits }: Design): Quadruplet {
  const [a, b] = contexts.map(({ scene, starts }) => {
    const first = beginScene(scene, starts);
    return [first, ...play(first, filmFrames - 1)];
  }) as [SideSnapshot[], SideSnapshot[]];
  const fork = forkRule === 'parting' ? partingOf(a, b) : forkRule;
  const film = (context: 'a' | 'b'): readonly [Film, Film] => {
    const [own, other, edit] = context === 'a' ? [a, b, edits[0]] : [b, a, edits[1]];
    const outcome = context === 'a' ? 1 : 2;
    const edited = edit(own[fork]!, other[fork]!);
    const rest = play(edited, filmFrames - 1 - fork);
    return [
      { context, outcome, possible: true, snapshots: own },
      { context, outcome: outcome === 1 ? 2 : 1, possible: false, snapshots: [...own.slice(0, fork + 1), ...rest] },
    ];
  };
  return { property, visibility, fork, pairs: [film('a'), film('b')] };
}

/** The last frame at which the bodies of both films move alike. */
function partingOf(a: readonly SideSnapshot[], b: readonly SideSnapshot[]): number {
  const apart = a.findIndex(({ state }, i) => state.some((value, k) => Math.abs(value - b[i]!.state[k]!) > 1e-4));
  return Math.max(0, (apart < 0 ? a.length : apart) - 1);
}

/** The body turns into that of the other context: place, motion, shape, colour, presence. */
export function become(body: number): Edit {
  return (own, other) => {
    const state = own.state.slice();
    const from = body * bodyStateSize;
    state.set(other.state.subarray(from, from + bodyStateSize), from);
    return { ...changeBody(own, body, other.scene.bodies[body]!), state };
  };
}

/** The body changes what it is or what acts on it. */
export function alter(body: number, change: Partial<SideBody>): Edit {
  return (own) => changeBody(own, body, change);
}

/** A piece of scenery that isn't seen begins to hold things up. */
export function harden(piece: number): Edit {
  return (own) => ({
    ...own,
    scene: {
      ...own.scene,
      pieces: own.scene.pieces.map((each, i) => (i === piece ? { ...each, solid: true } : each)),
    },
  });
}

function changeBody(snapshot: SideSnapshot, body: number, change: Partial<SideBody>): SideSnapshot {
  const { scene } = snapshot;
  const bodies = scene.bodies.map((each, i) => (i === body ? { ...each, ...change } : each));
  return { ...snapshot, scene: { ...scene, bodies } };
}

/** The same design as in a mirror. */
export function mirrorDesign(design: Design): Design {
  const mirror = ({ scene, starts }: Context): Context => ({
    scene: mirrorScene(scene),
    starts: starts.map(mirrorStart),
  });
  return { ...design, contexts: [mirror(design.contexts[0]), mirror(design.contexts[1])] };
}
